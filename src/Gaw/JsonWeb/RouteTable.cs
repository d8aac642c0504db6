using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gaw.JsonWeb;

/// <summary>Paths and where they lead; found by UTF-8 bytes, exactly and case-sensitively. Adding makes a new table, so that finding needs no lock.</summary>
internal sealed class RouteTable
{
    private const int MaxSuggestedLength = 80;

    private readonly Lock _gate = new();
    private FrozenDictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private Dictionary<byte[], Route> _routes = new(Utf8Comparer.Instance);

    public RouteTable() => _lookup = ToLookup(_routes);

    public IEnumerable<string> Paths => _routes.Values.Select(static route => route.Path);

    public bool TryFind(ReadOnlySpan<byte> path, [MaybeNullWhen(false)] out Route route) => _lookup.TryGetValue(path, out route);

    /// <summary>Adds all of them or none.</summary>
    /// <exception cref="ArgumentException">A path is taken.</exception>
    public void Add(IEnumerable<Route> routes)
    {
        lock (_gate)
        {
            Dictionary<byte[], Route> all = new(_routes, Utf8Comparer.Instance);
            foreach (Route route in routes)
            {
                if (!all.TryAdd(Encoding.UTF8.GetBytes(route.Path), route))
                {
                    throw new ArgumentException($"The path \"{route.Path}\" is taken already. Give one of the two another name.");
                }
            }

            _routes = all;
            _lookup = ToLookup(all);
        }
    }

    /// <summary>The path that was most likely meant, or <see langword="null"/> where none is near.</summary>
    public string? Suggest(string path)
    {
        if (path.Length > MaxSuggestedLength)
        {
            return null;
        }

        int most = Math.Max(2, path.Length / 3);
        return Paths.Select(known => (known, Distance: GetDistance(path, known)))
            .Where(near => near.Distance <= most)
            .OrderBy(static near => near.Distance)
            .ThenBy(static near => near.known, StringComparer.Ordinal)
            .Select(static near => near.known)
            .FirstOrDefault();
    }

    private static FrozenDictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> ToLookup(Dictionary<byte[], Route> routes) =>
        routes.ToFrozenDictionary(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Levenshtein's distance, upper and lower case being equal.</summary>
    private static int GetDistance(string a, string b)
    {
        if (b.Length > MaxSuggestedLength)
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

    internal sealed record Route(string Path, RequestHandler Handler);

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Comparer Instance = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
