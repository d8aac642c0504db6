using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Server;

/// <summary>Paths and where they lead; found by UTF-8 bytes, exactly and case-sensitively. Adding makes a new table, so that finding needs no lock.</summary>
internal sealed class RouteTable
{
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

    private static FrozenDictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> ToLookup(Dictionary<byte[], Route> routes) =>
        routes.ToFrozenDictionary(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    internal sealed record Route(string Path, RequestHandler Handler)
    {
        /// <summary>The tags of each call, for listeners.</summary>
        public MethodTags Tags { get; } = new(Path);
    }

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
