using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>State that no public setter and no constructor gives back: filled in place, set where it is marked, or refused by name.</summary>
internal static class StateShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Order { Id = 1, Items = { "a", "b" } }),
        Shape.Equal(() => new Order { Id = 1 }).Sparse(),
        Shape.Equal(() => new Filled { Sizes = { ["a"] = 1 }, Names = { "n" }, Last = { 7 } }),
        Shape.Equal(() => new Prefilled { Items = { "b" } }),
        Shape.Equal(() => Prefilled.Emptied()).Sparse(),
        Shape.Equal(() => new Basket("Ann") { Lines = { "nail" } }),
        Shape.Equal(() => new Holder { A = 1, Inner = { B = 2 } }),
        Shape.Equal(() => new ReadOnlyList { Items = { 1, 2 } }),
        Shape.Equal(() => new Observing { Items = { 1, 2 } }),
        Shape.Equal(() => new Dictionaries { Sizes = { ["a"] = [1] } }),
        Shape.Equal(() => Included.Make(1, 2, 3, 4)),
        Shape.Equal(() => IncludedFields.Make(1, "b")),
        Shape.Equal(() => IncludedInit.Make(1)),
        Shape.Equal(() => Restored.Make(1, "b")),
        Shape.OneWay("Id", ["id", "name"], () => new PrivateSetter(4) { Name = "n" }),
        Shape.OneWay("Id", ["id", "name"], () => new InternalSetter { Id = 4, Name = "n" }),
        Shape.OneWay("Id", ["id", "name"], () => ProtectedInit.Make(4, "n")),
        Shape.OneWay("Id", ["id", "name"], () => new GetOnly { Name = "n" }),
        Shape.OneWay("Stamp", ["stamp", "name"], () => new ReadOnlyField { Name = "n" }),
        Shape.OneWay("Items", ["items", "name"], () => new FixedArray { Name = "n", Items = { [0] = 5 } }),
        Shape.OneWay("Items", ["items"], () => new ReadOnlyView(1, 2)),
        Shape.Refused("Inner", () => GetOnlyNull.Make("n")),
        Shape.OneWay("Both", ["both", "name"], () => new OtherName(3) { Name = "n" }),
        Shape.OneWay("constructor", ["link"], () => new OtherType("http://a/b")),
        Shape.OneWay("constructor", ["a"], () => NoConstructor.Make(1)),
        Shape.OneWay("constructor", ["a"], () => NoConstructorSettable.Make(1)),
        Shape.OneWay("Half", ["half", "other"], () => HalfGiven.Make(1, 2)),
        Shape.Refused("PrivateOnly", () => new PrivateOnly(1)),
        Shape.Refused("WriteOnly", () => new WriteOnly { A = 1 }),
        Shape.Documented(DocumentedExceptions.PrivateState, () => new Remembering("n", 3), () => new Remembering("n")),
        Shape.Documented(DocumentedExceptions.PrivateState, () => Counting.Counted(5), () => new Counting { Name = "n" }),
        Shape.Documented(DocumentedExceptions.PrivateState, () => Caching.Asked("a"), () => new Caching { Name = "a" }),
        Shape.Equal(() => new Wrapping { Name = "n" }.With(1)),
    ];

    public sealed class Order { public int Id { get; set; } public List<string> Items { get; } = []; }
    public sealed class Basket(string owner) { public string Owner { get; } = owner; public List<string> Lines { get; } = []; }
    public sealed class ReadOnlyList { public readonly List<int> Items = []; }
    public sealed class Observing { public ObservableCollection<int> Items { get; } = []; }
    public sealed class Dictionaries { public Dictionary<string, List<int>> Sizes { get; } = []; }

    public sealed class Filled
    {
        public Dictionary<string, int> Sizes { get; } = [];
        public HashSet<string> Names { get; } = [];
        public LinkedListOfInt Last { get; } = [];
    }

    public sealed class LinkedListOfInt : Collection<int>;

    /// <summary>What is there already is replaced, not added to.</summary>
    public sealed class Prefilled
    {
        public List<string> Items { get; } = ["first"];

        public static Prefilled Emptied()
        {
            Prefilled made = new Prefilled();
            made.Items.Clear();
            return made;
        }
    }

    public sealed class Holder { public int A { get; set; } public Held Inner { get; } = new(); }
    public sealed class Held { public int B { get; set; } }

    public sealed class Included
    {
        [JsonInclude]
        public int A { get; private set; }

        [JsonInclude]
        public int B { get; internal set; }

        [JsonInclude]
        internal int C { get; set; }

        [JsonInclude]
        private int D { get; set; }

        public static Included Make(int a, int b, int c, int d) => new() { A = a, B = b, C = c, D = d };
    }

    public sealed class IncludedFields
    {
        [JsonInclude]
        private int _a;

        [JsonInclude]
        internal string? B;

        public static IncludedFields Make(int a, string b) => new() { _a = a, B = b };

        public int Twice => 2 * _a;
    }

    public sealed class IncludedInit
    {
        [JsonInclude]
        public int A { get; private init; }

        public static IncludedInit Make(int a) => new() { A = a };
    }

    public sealed class Restored
    {
        public Restored(string seed) => B = seed;

        [JsonConstructor]
        private Restored()
        {
        }

        [JsonInclude]
        public int A { get; private set; }

        [JsonInclude]
        public string B { get; private set; } = "";

        public static Restored Make(int a, string b) => new() { A = a, B = b };
    }

    public sealed class PrivateSetter
    {
        public PrivateSetter() { }
        public PrivateSetter(long seed) => Id = (int)seed;
        public int Id { get; private set; } = 1;
        public string? Name { get; set; }
    }

    public sealed class InternalSetter { public int Id { get; internal set; } = 1; public string? Name { get; set; } }

    public class ProtectedInit
    {
        public int Id { get; protected init; }
        public string? Name { get; set; }
        public static ProtectedInit Make(int id, string name) => new() { Id = id, Name = name };
    }

    public sealed class GetOnly { public Guid Id { get; } = Guid.NewGuid(); public string? Name { get; set; } }
    public sealed class ReadOnlyField { public readonly Guid Stamp = Guid.NewGuid(); public string? Name { get; set; } }
    public sealed class FixedArray { public int[] Items { get; } = [1, 2]; public string? Name { get; set; } }

    public sealed class ReadOnlyView
    {
        public ReadOnlyView()
            : this([])
        {
        }

        public ReadOnlyView(params int[] values) => Items = new ReadOnlyCollection<int>(values);
        public ReadOnlyCollection<int> Items { get; }
    }

    public sealed class GetOnlyNull
    {
        public List<int>? Inner { get; private set; }
        public string? Name { get; set; }
        public static GetOnlyNull Make(string name) => new() { Name = name, Inner = [1] };
    }

    public sealed class OtherName
    {
        public OtherName() { }
        public OtherName(int one) => Both = one;
        public int Both { get; }
        public string? Name { get; set; }
    }

    public sealed class OtherType(string link) { public Uri Link { get; } = new(link); }

    public sealed class NoConstructor
    {
        private NoConstructor(int a) => A = a;
        public int A { get; }
        public static NoConstructor Make(int a) => new(a);
    }

    public sealed class NoConstructorSettable
    {
        private NoConstructorSettable()
        {
        }

        public int A { get; set; }
        public static NoConstructorSettable Make(int a) => new() { A = a };
    }

    public struct HalfGiven
    {
        public int Half { get; private set; }
        public int Other { get; set; }
        public static HalfGiven Make(int half, int other) => new() { Half = half, Other = other };
    }

    public sealed class PrivateOnly(int a) { private readonly int _a = a; public override string ToString() => $"{_a}"; }
    public sealed class WriteOnly { private int _a; public int A { set => _a = value; } public override string ToString() => $"{_a}"; }

    public sealed class Remembering(string name, int level = 1)
    {
        private readonly int _level = level;
        public string Name { get; } = name;
        public bool CanDelete() => _level > 1;
    }

    public sealed class Counting
    {
        private int _count;
        public string? Name { get; set; }
        public static Counting Counted(int count) => new() { Name = "n", _count = count };
        public void Count() => _count++;
    }

    public sealed class Caching
    {
        private string? _upper;
        public string? Name { get; set; }
        public string Upper => _upper ??= Name?.ToUpperInvariant() ?? "";

        public static Caching Asked(string name)
        {
            Caching made = new Caching { Name = name };
            _ = made.Upper;
            return made;
        }
    }

    public sealed class Wrapping
    {
        private readonly List<int> _lines = [];
        public string? Name { get; set; }
        public IReadOnlyList<int> Lines => _lines;

        public Wrapping With(int line)
        {
            _lines.Add(line);
            return this;
        }
    }
}
