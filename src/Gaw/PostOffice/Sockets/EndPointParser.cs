using System.Globalization;

namespace Gaw.PostOffice.Sockets;

/// <summary>Reads addresses of servers: <c>host:port</c>, <c>[ipv6]:port</c>.</summary>
internal static class EndPointParser
{
    /// <exception cref="ArgumentException">There is none, or one is no address.</exception>
    public static (string Host, int Port)[] Parse(IEnumerable<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        (string, int)[] parsed = [.. addresses.Select(Parse)];
        return parsed.Length > 0 ? parsed : throw new ArgumentException("Give the address of at least one server, for example \"10.0.0.1:5555\".", nameof(addresses));
    }

    private static (string Host, int Port) Parse(string address)
    {
        int colon = address.LastIndexOf(':');
        string host = colon < 0 ? "" : address[..colon];
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (host.Length == 0 || (host.Contains(':', StringComparison.Ordinal) && !isBracketed)
            || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            throw new ArgumentException($"\"{address}\" is no server's address. Give host and port, for example \"10.0.0.1:5555\" or \"[::1]:5555\".", nameof(address));
        }

        return (isBracketed ? host[1..^1] : host, port);
    }
}
