using Gaw.PostOffice.Addresses;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>Which servers a client has after a look-up. Pure.</summary>
internal static class NameAnswers
{
    /// <summary>The servers in the order of the addresses. A name that could not be looked up, or has no address, keeps the servers that it had.</summary>
    /// <param name="addresses">What the client was given.</param>
    /// <param name="known">The servers before.</param>
    /// <param name="answers">What each address of a name has given.</param>
    public static IReadOnlyList<NamedServer> Merge(IReadOnlyList<ServerAddress> addresses, IReadOnlyList<NamedServer> known, IReadOnlyDictionary<ServerAddress, NameAnswer> answers) =>
        [.. addresses.SelectMany(address => Resolve(address, known, answers)).Distinct()];

    private static IEnumerable<NamedServer> Resolve(ServerAddress address, IReadOnlyList<NamedServer> known, IReadOnlyDictionary<ServerAddress, NameAnswer> answers) =>
        address.Scheme != ServerAddress.Dns ? [new NamedServer(address.Host, address.Port, null)]
        : answers.TryGetValue(address, out NameAnswer answer) && answer.Addresses is { Length: > 0 } found ? found.Select(ip => new NamedServer(ip.ToString(), address.Port, address.Host))
        : known.Where(server => server.Name == address.Host && server.Port == address.Port);
}
