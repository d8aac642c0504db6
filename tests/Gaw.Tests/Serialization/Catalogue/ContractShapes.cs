using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>What services send each other: pages, problems, commands, events, settings, geometry, graphs of them, and untyped members.</summary>
internal static class ContractShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new PagedList<Item>([new Item(1, "a")], 2, 10, 31)),
        Shape.Equal(() => new Problem { Type = "t", Title = "x", Status = 404, Detail = "d", Extensions = { ["a"] = "b" } }),
        Shape.Equal(() => new PlaceOrder(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), [new OrderLine("nail", 3, 0.10m)], Priority.High) { Due = DateTimeOffset.UnixEpoch.AddDays(1) }),
        Shape.Equal(() => new Envelope<PlaceOrder>("id", DateTimeOffset.UnixEpoch, new PlaceOrder(Guid.Empty, [], Priority.Low), new Dictionary<string, string> { ["k"] = "v" })).Sparse(),
        Shape.Equal(() => new Settings { Name = "n", Limits = { ["a"] = 1 }, Nested = { Depth = 3, Tags = { "t" } } }),
        Shape.Equal(() => new Polygon([new Vertex(0.1, -0.0), new Vertex(1e300, 2)])),
        Shape.Equal(() => new GeoJson { Type = "Point", Coordinates = [[1.5, 2.5], [3.5, 4.5]] }),
        Shape.Equal(() => new Matrix(2, 2, [1, 2, 3, 4])),
        Shape.Equal(() => new Filter { Field = "f", Operator = "in", Values = [1, "a", true, null], Inner = [new Filter { Field = "g" }] }).Sparse(),
        Shape.Equal(() => new PatchOperation("replace", "/a", "b")),
        Shape.Equal(() => new Batch([new Item(1, "a"), new Item(2, "b")], ImmutableDictionary<string, Item>.Empty.Add("k", new Item(3, "c")))),
        Shape.Equal(() => new Localised { ["en"] = "a", ["th"] = "ก" }),
        Shape.Equal(() => new Attachment("a.txt", [1, 2, 3], new Uri("http://a/b"))),
        Shape.Equal(() => new Token("t", TimeSpan.FromMinutes(5), ["a", "b"])),
        Shape.Equal(() => new Health { Status = "ok", Checks = { ["db"] = new HealthEntry(TimeSpan.FromTicks(12345), true, null) } }).Sparse(),
        Shape.Equal(() => new Menu { Name = "m", Items = { new Menu { Name = "n", Items = { new Menu { Name = "o" } } } } }).Sparse(),
        Shape.Equal(() => new Statistics { Mean = 0.1, Count = long.MaxValue, Sum = BigInteger.Pow(3, 90), Histogram = { [1] = 2 } }),
        Shape.Equal(() => new Audited<Item>(new Item(1, "a"), "ann", new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(7))),
        Shape.Equal(() => new Everything
        {
            A = [(1, "a")],
            B = new() { ["k"] = [new Item(1, "a")] },
            C = [[[1]]],
            D = new KeyValuePair<string, Item?>("k", new Item(2, "b")),
            E = ImmutableArray.Create(new Vertex(1, 2)),
            F = [Priority.High],
            G = new() { [Priority.Low] = new HashSet<int> { 1 } },
        }),
        Shape.Equal(() => Chain.Of(60)).Sparse(),
        Shape.Equal(() => new Upload { Name = "n", Content = new ReadOnlyMemory<byte>([1, 2]) }),
        Shape.Equal(() => new Release(new Version(1, 2, 3), new Uri("http://a/"), new DateOnly(2024, 1, 2))),
        Shape.Equal(() => new Contoso.Microsoft.Dto { A = 1 }),
        Shape.Equal(() => new global::Microsoft.Contoso.Dto { A = 1, Inner = new global::System.Contoso.Value(2) }),
        Shape.Equal(() => new OptionalDependency("n")).Sparse(),

        Shape.Equal(() => new HoldsObject { Any = "text" }),
        Shape.Equal(() => new HoldsObject { Any = 5 }),
        Shape.Equal(() => new HoldsObject { Any = 0.5 }),
        Shape.Equal(() => new HoldsObject { Any = new List<object?> { 1, null, "a" } }),
        Shape.Equal(() => new HoldsObject { Any = new Dictionary<string, object?> { ["a"] = 1 } }),
        Shape.Equal(() => new HoldsObject { Any = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) }),
        Shape.Equal(() => new HoldsObject { Any = new GawObject("Foo", [new("a", 1)]) }),
        Shape.Equal(() => new HoldsDynamic { Any = true }),
        Shape.Documented(DocumentedExceptions.Untyped, () => new HoldsObject { Any = 5L }, () => new HoldsObject { Any = 5 }),
        Shape.Documented(DocumentedExceptions.Untyped, () => new HoldsObject { Any = 1.5m }, () => new HoldsObject { Any = 1.5 }),
        Shape.Documented(DocumentedExceptions.Untyped, () => new HoldsObject { Any = Priority.High }, () => new HoldsObject { Any = "High" }),
        Shape.Documented(DocumentedExceptions.Untyped, () => new HoldsObject { Any = new Item(1, "a") }, () => new HoldsObject { Any = new Dictionary<string, object?> { ["id"] = 1, ["name"] = "a" } }),
        Shape.Documented<object>(DocumentedExceptions.Untyped, () => new[] { 1, 2 }, () => new List<object?> { 1, 2 }),
        Shape.Documented<object>(DocumentedExceptions.Untyped, () => new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), () => new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero)),
        Shape.OneWay("Missing", ["name", "missing"], () => new CannotBeAsked("n")),
    ];

    public sealed record Item(int Id, string Name);
    public sealed record OrderLine(string Article, int Count, decimal Price);
    public enum Priority { None, Low, High }
    public sealed record PlaceOrder(Guid Customer, List<OrderLine> Lines, Priority Priority) { public DateTimeOffset? Due { get; init; } }
    public sealed record Envelope<T>(string Id, DateTimeOffset At, T Body, Dictionary<string, string> Headers);

    public sealed class PagedList<T>(List<T> items, int page, int size, int total)
    {
        public List<T> Items { get; } = items;
        public int Page { get; } = page;
        public int Size { get; } = size;
        public int Total { get; } = total;
        public bool HasNext => Page * Size < Total;
    }

    public sealed class Problem
    {
        public string? Type { get; set; }
        public string? Title { get; set; }
        public int? Status { get; set; }
        public string? Detail { get; set; }
        public IDictionary<string, object?> Extensions { get; } = new Dictionary<string, object?>();
    }

    public sealed class Settings { public string? Name { get; set; } public Dictionary<string, int> Limits { get; } = []; public NestedSettings Nested { get; } = new(); }
    public sealed class NestedSettings { public int Depth { get; set; } public HashSet<string> Tags { get; } = []; }
    public readonly record struct Vertex(double X, double Y);
    public sealed record Polygon(List<Vertex> Vertices);
    public sealed class GeoJson { public string? Type { get; init; } public double[][]? Coordinates { get; init; } }
    public sealed record Matrix(int Rows, int Columns, double[] Values) { public double this[int row, int column] => Values[(row * Columns) + column]; }

    public sealed class Filter
    {
        public string? Field { get; set; }
        public string? Operator { get; set; }
        public List<object?>? Values { get; set; }
        public List<Filter>? Inner { get; set; }
    }

    public sealed record PatchOperation([property: JsonPropertyName("op")] string Operation, string Path, object? Value);
    public sealed record Batch(List<Item> Items, ImmutableDictionary<string, Item> ByName);
    public sealed class Localised : Dictionary<string, string>;
    public sealed record Attachment(string Name, byte[] Content, Uri Source);
    public sealed record Token(string Text, TimeSpan ExpiresIn, HashSet<string> Scopes);
    public sealed class Health { public string? Status { get; set; } public Dictionary<string, HealthEntry> Checks { get; } = []; }
    public sealed record HealthEntry(TimeSpan Duration, bool IsHealthy, string? Description);
    public sealed class Menu { public string? Name { get; set; } public List<Menu> Items { get; } = []; }
    public sealed class Statistics { public double Mean { get; set; } public long Count { get; set; } public BigInteger Sum { get; set; } public SortedDictionary<int, int> Histogram { get; } = []; }
    public sealed record Audited<T>(T Value, string By, DateTime At);

    public sealed class Everything
    {
        public List<(int, string)>? A { get; set; }
        public Dictionary<string, List<Item>>? B { get; set; }
        public int[][][]? C { get; set; }
        public KeyValuePair<string, Item?> D { get; set; }
        public ImmutableArray<Vertex> E { get; set; }
        public HashSet<Priority>? F { get; set; }
        public Dictionary<Priority, ISet<int>>? G { get; set; }
    }

    public sealed class Chain
    {
        public int Depth { get; set; }
        public Chain? Next { get; set; }
        public static Chain Of(int depth) => new() { Depth = depth, Next = depth > 1 ? Of(depth - 1) : null };
    }

    public sealed class Upload { public string? Name { get; set; } public ReadOnlyMemory<byte> Content { get; set; } }
    public sealed record Release(Version Version, Uri Notes, DateOnly On);

    /// <summary>A parameter that no member feeds takes its default, and what it is does not matter.</summary>
    public sealed class OptionalDependency(string name, IServiceProvider? services = null)
    {
        public string Name { get; } = name;
        public bool HasServices() => services is not null;
    }

    public sealed class CannotBeAsked
    {
        public CannotBeAsked(string name) => Name = name;
        public string Name { get; }
        public int Missing { get; } = 1;
    }

    public sealed class HoldsObject { public object? Any { get; set; } }
    public sealed class HoldsDynamic { public dynamic? Any { get; set; } }
}
