using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Addresses;

/// <summary>Takes one address apart, and says what is wrong with one that is none.</summary>
internal sealed class AddressReader(string text)
{
    private const string Advice = "Give host and port, for example \"10.0.0.1:5555\" or \"[::1]:5555\".";

    private readonly Dictionary<string, string> _options = new(StringComparer.OrdinalIgnoreCase);
    private string _scheme = ServerAddress.Tcp;
    private string _host = "";
    private int _port;

    /// <summary>A sentence without the address, for one that could not be read.</summary>
    public string Problem { get; private set; } = "";

    private bool IsForeign => _scheme is not (ServerAddress.Tcp or ServerAddress.Dns);

    /// <returns><see langword="null"/>: it is none, <see cref="Problem"/> says why.</returns>
    public ServerAddress? TryRead(int lowestPort)
    {
        string rest = text;
        int mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark >= 0)
        {
            _scheme = text[..mark].ToLowerInvariant();
            rest = text[(mark + 3)..];
        }

        if (!IsScheme(_scheme))
        {
            return Fail($"what stands before :// is no scheme, which has letters and digits only. {Advice}");
        }

        if (_scheme == ServerAddress.Dns && !rest.StartsWith('/'))
        {
            return Fail("it names a name server of its own, which cannot be chosen here. Write three slashes, for example \"dns:///stock.internal:5555\".");
        }

        return Read(_scheme == ServerAddress.Dns ? rest[1..] : rest, lowestPort);
    }

    private ServerAddress? Read(string rest, int lowestPort)
    {
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : rest[(question + 1)..];
        string bare = question < 0 ? rest : rest[..question];
        int slash = bare.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? bare : bare[..slash];
        int at = authority.LastIndexOf('@');
        if (slash >= 0 && slash < bare.Length - 1)
        {
            return Fail($"it has a path, and Gaw knows none. {(rest.Contains('@', StringComparison.Ordinal) ? "Write the signs / ? # @ and , of a password as %2F %3F %23 %40 and %2C." : Advice)}");
        }

        if (!IsForeign && at >= 0)
        {
            return Fail($"it has a user, and Gaw knows none; a secret stands in the options. {Advice}");
        }

        if (!IsForeign && question >= 0)
        {
            return Fail($"it has options behind a question mark, and Gaw knows none there. {Advice}");
        }

        return ReadOptions(query) && ReadPlace(authority[(at + 1)..], lowestPort) ? Make(at < 0 ? null : authority[..at]) : null;
    }

    private ServerAddress Make(string? user)
    {
        int colon = user?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return new ServerAddress(_scheme, _host, _port)
        {
            User = user is null ? null : Uri.UnescapeDataString(colon < 0 ? user : user[..colon]),
            Password = colon < 0 ? null : Uri.UnescapeDataString(user![(colon + 1)..]),
            Options = _options,
        };
    }

    private bool ReadPlace(string place, int lowestPort)
    {
        int bracket = place.LastIndexOf(']');
        int colon = place.LastIndexOf(':');
        bool hasPort = colon > bracket;
        string host = hasPort ? place[..colon] : place;
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        _host = isBracketed ? host[1..^1] : host;
        if (!isBracketed && host.Contains(':', StringComparison.Ordinal))
        {
            return Refuse($"an IPv6 address stands in brackets. {Advice}");
        }

        if (isBracketed ? !IPAddress.TryParse(_host, out IPAddress? ip) || ip.AddressFamily != AddressFamily.InterNetworkV6 : !HostName.IsOne(host))
        {
            return Refuse(host.Length == 0 ? $"it has no host. {Advice}" : $"its host is neither an IP address nor a name. {Advice}");
        }

        if (!hasPort)
        {
            return IsForeign || Refuse(_scheme == ServerAddress.Dns ? "it has no port. Write it like \"dns:///stock.internal:5555\"." : $"it has no port. {Advice}");
        }

        string digits = place[(colon + 1)..];
        return (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _port) && _port >= lowestPort && _port <= IPEndPoint.MaxPort)
            || Refuse($"its port is none, which is from {lowestPort} to {IPEndPoint.MaxPort}. {Advice}");
    }

    private bool ReadOptions(string query)
    {
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !_options.TryAdd(Uri.UnescapeDataString(pair[..equals]), Uri.UnescapeDataString(pair[(equals + 1)..])))
            {
                return Refuse("behind the question mark stand options, name=value, each once, with & between them.");
            }
        }

        return true;
    }

    private ServerAddress? Fail(string problem)
    {
        Problem = problem;
        return null;
    }

    private bool Refuse(string problem) => Fail(problem) is not null;

    private static bool IsScheme(string scheme) => scheme.Length > 0 && scheme.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
}
