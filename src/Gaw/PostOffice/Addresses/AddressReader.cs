namespace Gaw.PostOffice.Addresses;

/// <summary>Takes one address apart, and says what is wrong with one that is none.</summary>
internal sealed class AddressReader(string text)
{
    private readonly Dictionary<string, string> _options = new(StringComparer.OrdinalIgnoreCase);
    private string _scheme = ServerAddress.Tcp;

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
            return Fail($"what stands before :// is no scheme, which has letters and digits only. {HostAndPort.Advice}");
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
            return Fail($"it has a path, and Gaw knows none. {(rest.Contains('@', StringComparison.Ordinal) ? "Write the signs / ? # @ and , of a password as %2F %3F %23 %40 and %2C." : HostAndPort.Advice)}");
        }

        if (!IsForeign && at >= 0)
        {
            return Fail($"it has a user, and Gaw knows none; a secret stands in the options. {HostAndPort.Advice}");
        }

        if (!IsForeign && question >= 0)
        {
            return Fail($"it has options behind a question mark, and Gaw knows none there. {HostAndPort.Advice}");
        }

        if (!ReadOptions(query))
        {
            return null;
        }

        HostAndPort place = HostAndPort.Read(authority[(at + 1)..], _scheme, IsForeign, lowestPort, out string? problem);
        return problem is null ? Make(place, at < 0 ? null : authority[..at]) : Fail(problem);
    }

    private ServerAddress Make(HostAndPort place, string? user)
    {
        int colon = user?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return new ServerAddress(_scheme, place.Host, place.Port)
        {
            User = user is null ? null : Uri.UnescapeDataString(colon < 0 ? user : user[..colon]),
            Password = colon < 0 ? null : Uri.UnescapeDataString(user![(colon + 1)..]),
            Options = _options,
        };
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
