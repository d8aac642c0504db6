namespace Gaw.Shared;

/// <summary>Finds the name that was most likely meant by one that does not exist.</summary>
internal static class NameSuggestion
{
    private const int MaxLength = 80;

    /// <summary>The nearest of the known names, or <see langword="null"/> where none is near.</summary>
    public static string? FindNearest(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        int most = Math.Max(2, name.Length / 3);
        return known.Select(each => (each, Distance: GetDistance(name, each)))
            .Where(near => near.Distance <= most && near.Distance < name.Length)
            .OrderBy(static near => near.Distance)
            .ThenBy(static near => near.each, StringComparer.Ordinal)
            .Select(static near => near.each)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance, upper and lower case being equal.</summary>
    private static int GetDistance(string a, string b)
    {
        if (b.Length > MaxLength)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                int change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + change);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
