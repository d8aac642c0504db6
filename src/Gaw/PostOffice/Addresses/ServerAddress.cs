namespace Gaw.PostOffice.Addresses;

/// <summary>
/// One address as it was written: <c>host:port</c>, <c>gaw://host:port</c>, <c>dns:///name:port</c>, or that of a carrier in another package, <c>nats://user:password@host:4222?prefix=shop</c>.
/// </summary>
/// <param name="scheme">In lower case, without <c>://</c>.</param>
/// <param name="host">A name, or an IP address without brackets.</param>
/// <param name="port">The port; 0: none was given, or the system is to choose one.</param>
internal sealed class ServerAddress(string scheme, string host, int port)
{
    /// <summary>One server over TCP. An address without a scheme has this one.</summary>
    public const string Tcp = "gaw";

    /// <summary>All servers of a name over TCP.</summary>
    public const string Dns = "dns";

    public string Scheme => scheme;

    public string Host => host;

    public int Port => port;

    /// <summary>What stands in front of the <c>@</c> and of its colon, decoded; <see langword="null"/>: nothing. May be a token, so it is never shown.</summary>
    public string? User { get; init; }

    /// <summary>What stands behind the colon in front of the <c>@</c>, decoded; <see langword="null"/>: nothing. Never shown.</summary>
    public string? Password { get; init; }

    /// <summary>What stands behind the question mark, decoded: <c>prefix=shop&amp;…</c>. Never shown.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>A carrier in another package has it.</summary>
    public bool IsForeign => scheme is not (Tcp or Dns);

    /// <summary>The address for messages, logs and telemetry: without user, password and options.</summary>
    public override string ToString()
    {
        string shown = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        string place = port == 0 && IsForeign ? shown : $"{shown}:{port}";
        return scheme switch
        {
            Tcp => place,
            Dns => $"dns:///{place}",
            _ => $"{scheme}://{place}",
        };
    }
}
