using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Dictionaries of all kinds, and what can be a key.</summary>
internal static class DictionaryShapes
{
    private static readonly Guid SomeId = new("00112233-4455-6677-8899-aabbccddeeff");

    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Dictionary<string, int> { ["a"] = 1, [""] = 2 }),
        Shape.Equal(() => new Dictionary<string, int>()).Sparse(),
        Shape.Equal(() => new Dictionary<string, List<int>> { ["a"] = [1] }),
        Shape.Equal(() => new Dictionary<string, Dictionary<string, int>> { ["a"] = new() { ["b"] = 1 } }),
        Shape.Equal(() => new Dictionary<string, object?> { ["a"] = 1, ["b"] = null, ["c"] = "x" }).Sparse(),
        Shape.Equal(() => new Dictionary<string, string?> { ["a"] = null }).Sparse(),
        Shape.Equal(() => new SortedDictionary<string, int> { ["b"] = 1, ["a"] = 2 }),
        Shape.Equal(() => new SortedList<string, int> { ["b"] = 1, ["a"] = 2 }),
        Shape.Equal(() => new OrderedDictionary<string, int> { ["b"] = 1, ["a"] = 2 }),
        Shape.Equal(() => new ConcurrentDictionary<string, int> { ["a"] = 1 }),
        Shape.Equal(() => new ReadOnlyDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 })),
        Shape.Equal(() => ImmutableDictionary<string, int>.Empty.Add("a", 1)),
        Shape.Equal(() => ImmutableSortedDictionary<string, int>.Empty.Add("a", 1)),
        Shape.Equal(() => new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary()),
        Shape.Equal<IDictionary<string, int>>(() => new Dictionary<string, int> { ["a"] = 1 }),
        Shape.Equal<IReadOnlyDictionary<string, int>>(() => new Dictionary<string, int> { ["a"] = 1 }),
        Shape.Equal<IImmutableDictionary<string, int>>(() => ImmutableDictionary<string, int>.Empty.Add("a", 1)),
        Shape.Equal(() => new Sizes { ["a"] = 1 }),
        Shape.Equal(() => new HoldsDictionaries { ById = new() { [SomeId] = "a" }, Read = new Dictionary<int, int> { [1] = 2 } }),

        Shape.Equal(() => new Dictionary<int, string> { [1] = "a", [-2] = "b" }),
        Shape.Equal(() => new Dictionary<long, string> { [long.MaxValue] = "a" }),
        Shape.Equal(() => new Dictionary<byte, int> { [255] = 1 }),
        Shape.Equal(() => new Dictionary<ulong, int> { [ulong.MaxValue] = 1 }),
        Shape.Equal(() => new Dictionary<BigInteger, int> { [BigInteger.Pow(10, 30)] = 1 }),
        Shape.Equal(() => new Dictionary<bool, int> { [true] = 1, [false] = 2 }),
        Shape.Equal(() => new Dictionary<char, int> { ['a'] = 1, ['é'] = 2 }),
        Shape.Equal(() => new Dictionary<double, int> { [0.5] = 1, [double.PositiveInfinity] = 2 }),
        Shape.Equal(() => new Dictionary<DayOfWeek, int> { [DayOfWeek.Friday] = 1 }),
        Shape.Equal(() => new Dictionary<Guid, int> { [SomeId] = 1 }),
        Shape.Equal(() => new Dictionary<DateOnly, int> { [new DateOnly(2024, 2, 29)] = 1 }),
        Shape.Equal(() => new Dictionary<TimeOnly, int> { [new TimeOnly(11, 18, 20, 480, 54)] = 1 }),
        Shape.Equal(() => new Dictionary<DateTime, int> { [new DateTime(2024, 2, 29, 11, 18, 20, DateTimeKind.Utc).AddTicks(1234567)] = 1 }),
        Shape.Equal(() => new Dictionary<DateTime, int> { [new DateTime(2024, 2, 29)] = 1 }),
        Shape.Equal(() => new Dictionary<DateTimeOffset, int> { [new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(7))] = 1 }),
        Shape.Equal(() => new Dictionary<TimeSpan, int> { [TimeSpan.FromTicks(12345678901)] = 1, [-TimeSpan.FromDays(2)] = 2 }),
        Shape.Equal(() => new Dictionary<decimal, int> { [1.10m] = 1, [decimal.MaxValue] = 2, [-0.0000001m] = 3 }),
        Shape.Equal(() => new Dictionary<Uri, int> { [new Uri("http://a/b?c=d#e")] = 1 }),
        Shape.Equal(() => new Dictionary<Version, int> { [new Version(1, 2, 3, 4)] = 1 }),
        Shape.Equal(() => new Dictionary<Guid, Dictionary<DateOnly, decimal>> { [SomeId] = new() { [new DateOnly(2024, 1, 1)] = 1.50m } }),

        Shape.Documented<IReadOnlyDictionary<string, int>>(DocumentedExceptions.InterfaceKinds, () => new SortedList<string, int> { ["a"] = 1 }, () => new Dictionary<string, int> { ["a"] = 1 }),
        Shape.Documented(DocumentedExceptions.Comparers, () => new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, () => new Dictionary<string, int> { ["a"] = 1 }),
        Shape.Documented(DocumentedExceptions.Comparers, () => new SortedDictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 }, () => new SortedDictionary<string, int> { ["a"] = 1 }),
        Shape.Equal(() => new KeepsItsComparer { Sizes = { ["a"] = 1 } }),

        Shape.Refused("_v", () => new Dictionary<string, int> { ["_v"] = 1 }),
        Shape.Refused("_t", () => new Dictionary<string, object> { ["_t"] = "a", ["_v"] = 1 }),
        Shape.Refused("\"1\"", () => new Dictionary<object, object> { [1] = "a", ["1"] = "b" }),
        Shape.Refused("\"1\"", () => new Dictionary<object, object> { [1] = "a", [1L] = "b" }),
        Shape.Refused("\"true\"", () => new Dictionary<object, object> { [true] = "a", ["true"] = "b" }),
        Shape.Refused("Title", () => new TitledDictionary { ["a"] = 1 }.Named("t")),
        Shape.Refused("Title", () => new MarkedDictionary { ["a"] = 1 }.Named("t")),
        Shape.Refused("NameValueCollection", () => new NameValueCollection { ["a"] = "1" }),
        Shape.Refused("Point", () => new Dictionary<Point, int> { [new Point(1, 2)] = 1 }),
        Shape.Refused("CultureInfo", () => new Dictionary<CultureInfo, int> { [CultureInfo.InvariantCulture] = 1 }),
        Shape.Refused("Hashtable", () => new Hashtable { ["a"] = 1 }),
    ];

    public sealed class Sizes : Dictionary<string, int>;
    public readonly record struct Point(int X, int Y);
    public sealed class KeepsItsComparer { public Dictionary<string, int> Sizes { get; } = new(StringComparer.OrdinalIgnoreCase); }

    public sealed class HoldsDictionaries
    {
        public Dictionary<Guid, string>? ById { get; set; }
        public IReadOnlyDictionary<int, int>? Read { get; set; }
    }

    public sealed class TitledDictionary : Dictionary<string, int>
    {
        public string? Title { get; private set; }

        public TitledDictionary Named(string title)
        {
            Title = title;
            return this;
        }
    }

    [GawSerializable("CatalogueTitled")]
    public sealed class MarkedDictionary : Dictionary<string, int>
    {
        public string? Title { get; set; }

        public MarkedDictionary Named(string title)
        {
            Title = title;
            return this;
        }
    }
}
