using System.Buffers;
using System.Net;

namespace Gaw.PostOffice.Sockets;

/// <summary>Addresses and names of machines, as they are given to a server or a client.</summary>
internal static class HostName
{
    /// <summary>What stands in a URL, or beside a port, and never in a name.</summary>
    private static readonly SearchValues<char> Foreign = SearchValues.Create(":/\\@[] \t\r\n\0");

    /// <summary>It is an address or may be a name.</summary>
    public static bool IsOne(string host) => IPAddress.TryParse(host, out _) || (host.Length > 0 && !host.AsSpan().ContainsAny(Foreign));

    /// <exception cref="ArgumentException">It is neither an address nor a name.</exception>
    public static void ThrowIfNone(string host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (!IsOne(host))
        {
            throw new ArgumentException($"\"{host}\" is no host. Give an address or a name alone, for example \"10.0.0.1\"; the port is an argument of its own.", nameof(host));
        }
    }
}
