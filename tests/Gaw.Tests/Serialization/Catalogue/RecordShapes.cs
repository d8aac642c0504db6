using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Records, generic types, tuples.</summary>
internal static class RecordShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Positional(1, "b")),
        Shape.Equal(() => new Nominal { A = 1, B = "b" }),
        Shape.Equal(() => new Both(1) { B = "b" }),
        Shape.Equal(() => new Defaulted(5, "x")),
        Shape.Equal(() => new Derived("a", 2)),
        Shape.Equal(() => new DerivedAndMore("a", 2) { C = [3] }),
        Shape.Equal(() => new Marked("a", 2)),
        Shape.Equal(() => new Nested(new Positional(1, "b"), [new Positional(2, "c")])),
        Shape.Equal(() => new Recursive(1, new Recursive(2, null))).Sparse(),
        Shape.Equal(() => new Computed(2, 3)),
        Shape.Equal(() => new Checked(3)),
        Shape.Equal(() => new Renamed(1)),
        Shape.Equal(() => new Demanding { A = "a" }),
        Shape.Equal(() => new Widening([1, 2])),
        Shape.Equal(() => new Mutable(1) { A = 3 }),
        Shape.Equal(() => new Sealed(DayOfWeek.Friday, TimeSpan.FromSeconds(1.5), new Uri("http://a/b?c=1"))),
        Shape.Equal(() => new Both(1) { B = "b" } with { B = "c" }),
        Shape.Equal<Positional?>(() => null).Sparse(),
        Shape.Documented(DocumentedExceptions.Ignored, () => new Secret("a", true), () => new Secret("a")),
        Shape.OneWay("Made", ["a", "made"], () => new Stamped(1)),

        Shape.Equal(() => new Box<int> { Value = 1 }),
        Shape.Equal(() => new Box<string> { Value = "a" }),
        Shape.Equal(() => new Box<int?> { Value = 5 }),
        Shape.Equal(() => new Box<List<Box<int>>> { Value = [new Box<int> { Value = 1 }] }),
        Shape.Equal(() => new Page<Positional>([new Positional(1, "a")], 1, 20, 41)),
        Shape.Equal(() => new Two<int, string>(1, "b")),
        Shape.Equal(() => new Two<Two<int, int>, Box<bool>>(new Two<int, int>(1, 2), new Box<bool> { Value = true })),
        Shape.Equal(() => new Constrained<Positional>(new Positional(1, "a"))),
        Shape.Equal(() => new ClosedBox { Value = 1, More = "m" }),
        Shape.Equal(() => new Curious { Name = "a", Self = new Curious { Name = "b" } }).Sparse(),
        Shape.Equal(() => new Outer<int>.Inner { A = 1 }),
        Shape.Equal(() => new Outer<int>.Inner<string> { A = 1, B = "b" }),
        Shape.Equal(() => new GenericMarked<int>(4)),
        Shape.Equal(() => new Range<DateOnly>(new DateOnly(2024, 1, 2), new DateOnly(2025, 1, 2))),
        Shape.Equal(() => new Linked<int>(1, new Linked<int>(2, null))).Sparse(),
        Shape.Refused("Growing", () => new Growing<int> { Value = 1 }).Sparse(),
        Shape.Refused("Doubling", () => new Doubling<int> { Value = 1 }).Sparse(),

        Shape.Equal(() => (1, "a")),
        Shape.Equal(() => (Name: "n", Count: 1, At: DateTime.UnixEpoch)),
        Shape.Equal(() => (1, 2, 3, 4, 5, 6, 7, 8, "nine")),
        Shape.Equal(() => (1, 2, 3, 4, 5, 6, 7)),
        Shape.Equal(() => (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)),
        Shape.Equal(() => ValueTuple.Create()),
        Shape.Equal(() => ValueTuple.Create(1)),
        Shape.Equal(() => Tuple.Create(1, "a")),
        Shape.Equal(() => Tuple.Create(1, 2, 3, 4, 5, 6, 7, 8)),
        Shape.Equal(() => (new Positional(1, "a"), (2, new[] { 3 }))),
        Shape.Equal<(int, string)?>(() => (1, "a")),
        Shape.Equal<(int, string)?>(() => null).Sparse(),
        Shape.Equal(() => new List<(int, string)> { (1, "a") }),
        Shape.Equal(() => new HoldsTuples { Pair = (1, "a"), Many = { (2, 3) } }),
        Shape.Equal(() => new Dictionary<string, (int, int)> { ["a"] = (1, 2) }),
        Shape.Equal(() => KeyValuePair.Create("a", 1)),
        Shape.Equal(() => new List<KeyValuePair<string, int>> { new("a", 1), new("a", 2) }),
    ];

    public record Positional(int A, string B);
    public sealed record Nominal { public int A { get; init; } public string? B { get; init; } }
    public sealed record Both(int A) { public string? B { get; init; } }
    public sealed record Defaulted(int A = 1, string? B = null);
    public record Base(string A);
    public record Derived(string A, int B) : Base(A);
    public sealed record DerivedAndMore(string A, int B) : Derived(A, B) { public List<int> C { get; init; } = []; }
    public sealed record Nested(Positional One, List<Positional> Many);
    public sealed record Recursive(int A, Recursive? Next);
    public sealed record Computed(int A, int B) { public int Sum => A + B; }
    public sealed record Checked(int A) { public int A { get; } = A > 0 ? A : throw new ArgumentOutOfRangeException(nameof(A)); }
    public sealed record Renamed([property: JsonPropertyName("other")] int A);
    public sealed record Demanding { public required string A { get; init; } }
    public sealed record Widening(List<int> Items);
    public sealed record Mutable(int A) { public int A { get; set; } = A; }
    public sealed record Sealed(DayOfWeek Day, TimeSpan Wait, Uri Link);
    public sealed record Secret(string Name, [property: JsonIgnore] bool IsAdmin = false);
    public sealed record Stamped(int A) { public Guid Made { get; } = Guid.NewGuid(); }

    [GawSerializable("CatalogueMarked")]
    public sealed record Marked(string A, int B);

    public sealed class Box<T> { public T? Value { get; set; } }
    public sealed record Page<T>(List<T> Items, int Number, int Size, int Total) { public int Pages => (Total + Size - 1) / Size; }
    public sealed record Two<TOne, TTwo>(TOne One, TTwo Other);
    public sealed record Constrained<T>(T Value) where T : class;
    public class OpenBox<T> { public T? Value { get; set; } }
    public sealed class ClosedBox : OpenBox<int> { public string? More { get; set; } }
    public class Own<T> where T : Own<T> { public T? Self { get; set; } }
    public sealed class Curious : Own<Curious> { public string? Name { get; set; } }
    public static class Outer<T> { public sealed class Inner { public T? A { get; set; } } public sealed class Inner<TOther> { public T? A { get; set; } public TOther? B { get; set; } } }
    public readonly record struct Range<T>(T From, T To) where T : struct, IComparable<T>;
    public sealed record Linked<T>(T Value, Linked<T>? Next);
    public sealed class Growing<T> { public T? Value { get; set; } public Growing<List<T>>? Inner { get; set; } }
    public sealed class Doubling<T> { public T? Value { get; set; } public List<Doubling<(T, T)>>? Inner { get; set; } }
    public sealed class HoldsTuples { public (int, string) Pair { get; set; } public List<(int, int)> Many { get; } = []; }

    [GawSerializable("CatalogueGeneric")]
    public sealed record GenericMarked<T>(T Value);
}
