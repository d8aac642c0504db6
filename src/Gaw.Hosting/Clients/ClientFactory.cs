namespace Gaw.Hosting.Clients;

/// <summary>Makes all clients of a host in place of the usual way: over a test host, for example.</summary>
internal sealed record ClientFactory(Func<string, GawClientOptions, GawClient> Create);
