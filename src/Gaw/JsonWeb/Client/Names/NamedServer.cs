namespace Gaw.JsonWeb.Client.Names;

/// <summary>A server that a client may call: one that was given, or one that a name has led to.</summary>
/// <param name="Host">Its IP address, or the name that was given.</param>
/// <param name="Port">Its port.</param>
/// <param name="Name">The name that was looked up; <see langword="null"/>: it was given itself.</param>
internal sealed record NamedServer(string Host, int Port, string? Name);
