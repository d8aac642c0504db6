using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Addresses;

/// <summary>The part of an address that says where: <c>host:port</c>, an IPv6 address in brackets.</summary>
/// <param name="Host">Without brackets.</param>
/// <param name="Port">0: none was given, where that is allowed.</param>
internal readonly record struct HostAndPort(string Host, int Port)
{
    /// <summary>What to do about one that is wrong.</summary>
    public const string Advice = "Give host and port, for example \"10.0.0.1:5555\" or \"[::1]:5555\".";

    /// <param name="text">What stands in the address.</param>
    /// <param name="scheme">Its scheme, for messages.</param>
    /// <param name="mayLackPort">Another package's scheme, whose port has a default.</param>
    /// <param name="lowestPort">The lowest port that is allowed.</param>
    /// <param name="problem">What is wrong, as the end of a sentence; <see langword="null"/>: nothing.</param>
    public static HostAndPort Read(string text, string scheme, bool mayLackPort, int lowestPort, out string? problem)
    {
        int bracket = text.LastIndexOf(']');
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > bracket;
        string given = hasPort ? text[..colon] : text;
        bool isBracketed = given.Length > 2 && given[0] == '[' && given[^1] == ']';
        string host = isBracketed ? given[1..^1] : given;
        int port = 0;
        problem = FindProblem(given, host, isBracketed)
            ?? (hasPort ? ReadPort(text[(colon + 1)..], lowestPort, out port)
                : mayLackPort ? null
                : scheme == ServerAddress.Dns ? "it has no port. Write it like \"dns:///stock.internal:5555\"."
                : $"it has no port. {Advice}");
        return new HostAndPort(host, port);
    }

    private static string? FindProblem(string given, string host, bool isBracketed)
    {
        if (!isBracketed && given.Contains(':', StringComparison.Ordinal))
        {
            return $"an IPv6 address stands in brackets. {Advice}";
        }

        bool isHost = isBracketed ? IPAddress.TryParse(host, out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 : HostName.IsOne(given);
        return isHost ? null : given.Length == 0 ? $"it has no host. {Advice}" : $"its host is neither an IP address nor a name. {Advice}";
    }

    private static string? ReadPort(string digits, int lowestPort, out int port) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= lowestPort && port <= IPEndPoint.MaxPort
            ? null
            : $"its port is none, which is from {lowestPort} to {IPEndPoint.MaxPort}. {Advice}";
}
