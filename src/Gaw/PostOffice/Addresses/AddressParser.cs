namespace Gaw.PostOffice.Addresses;

/// <summary>Reads addresses, one or several parted by commas; the one reader of all that people write. Pure. What it says of a wrong one shows no user, password or option.</summary>
internal static class AddressParser
{
    /// <param name="texts">The addresses; each may be several.</param>
    /// <param name="parameter">Whose argument they are.</param>
    /// <param name="forListening">Port 0 leaves the choice to the system.</param>
    /// <exception cref="ArgumentException">There is no address, or some are none; says all that is wrong.</exception>
    public static IReadOnlyList<ServerAddress> Parse(IEnumerable<string> texts, string parameter, bool forListening = false)
    {
        ArgumentNullException.ThrowIfNull(texts, parameter);
        List<string> problems = [];
        List<ServerAddress> addresses = Read(texts, forListening, problems);
        return problems.Count == 0 ? addresses : throw new ArgumentException(string.Join(' ', problems), parameter);
    }

    /// <summary>Reads addresses, and collects a sentence for each that is none.</summary>
    public static List<ServerAddress> Read(IEnumerable<string> texts, bool forListening, List<string> problems)
    {
        List<ServerAddress> addresses = [];
        foreach (string? text in texts)
        {
            // A comma in a password parts addresses, too: its pieces must not be shown.
            bool mayHoldPieces = text?.Contains('@', StringComparison.Ordinal) == true;
            foreach (string piece in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                AddressReader reader = new(piece);
                if (reader.TryRead(forListening ? 0 : 1) is { } address)
                {
                    addresses.Add(address);
                }
                else
                {
                    problems.Add($"\"{Show(piece, mayHoldPieces)}\" is no server's address: {reader.Problem}");
                }
            }
        }

        if (addresses.Count + problems.Count == 0)
        {
            problems.Add("Give the address of at least one server, for example \"10.0.0.1:5555\".");
        }

        return addresses;
    }

    /// <summary>A wrong address without all that may be a secret.</summary>
    private static string Show(string piece, bool mayBePieceOfPassword)
    {
        int mark = piece.IndexOf("://", StringComparison.Ordinal);
        string scheme = mark < 0 ? "" : piece[..(mark + 3)];
        string rest = piece[scheme.Length..];
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            return $"{scheme}…@{WithoutOptions(rest[(at + 1)..])}";
        }

        if (scheme.Length == 0 || scheme is "gaw://" or "dns://")
        {
            return mayBePieceOfPassword && scheme.Length == 0 ? "…" : piece;
        }

        // What stands behind a colon may be a password whose address has ended too early.
        string bare = WithoutOptions(rest);
        int colon = bare.IndexOf(':', StringComparison.Ordinal);
        return scheme + (colon < 0 ? bare : bare[..(colon + 1)] + "…");
    }

    private static string WithoutOptions(string text)
    {
        int question = text.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? text : text[..question] + "?…";
    }
}
