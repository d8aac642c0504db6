using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Arrays, lists, queues, sets, immutable and concurrent ones, and collections of one's own.</summary>
internal static class SequenceShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new[] { 1, 2, 3 }),
        Shape.Equal(() => Array.Empty<int>()).Sparse(),
        Shape.Equal(() => new[] { [1, 2], new[] { 3 } }),
        Shape.Equal(() => new byte[]?[] { [1, 2], null, [] }).Sparse(),
        Shape.Equal(() => new byte[] { 0, 255, 7 }),
        Shape.Equal(() => new object?[] { 1, "a", null, true }).Sparse(),
        Shape.Equal(() => new string?[] { "a", null, "" }).Sparse(),
        Shape.Equal(() => new int?[] { 1, null }).Sparse(),
        Shape.Equal(() => new List<int> { 1, 2 }),
        Shape.Equal(() => new List<object?> { 1, "a", null }).Sparse(),
        Shape.Equal(() => new List<List<string>> { new() { "a" }, new() }).Sparse(),
        Shape.Equal(() => new LinkedList<int>([1, 2])),
        Shape.Equal(() => new Queue<int>([1, 2])),
        Shape.Equal(() => new Stack<int>([1, 2])),
        Shape.Equal(() => new Collection<int> { 1, 2 }),
        Shape.Equal(() => new ObservableCollection<int> { 1, 2 }),
        Shape.Equal(() => new ReadOnlyCollection<int>([1, 2])),
        Shape.Equal(() => new ConcurrentQueue<int>([1, 2])),
        Shape.Equal(() => new ConcurrentStack<int>([1, 2])),
        Shape.Equal(() => new ConcurrentBag<int>([1, 2])),
        Shape.Equal(() => new HashSet<int> { 1, 2 }),
        Shape.Equal(() => new HashSet<string> { "a", "b" }),
        Shape.Equal(() => new SortedSet<int> { 2, 1 }),
        Shape.Equal(() => ImmutableArray.Create(1, 2)),
        Shape.Equal(() => ImmutableList.Create(1, 2)),
        Shape.Equal(() => ImmutableQueue.Create(1, 2)),
        Shape.Equal(() => ImmutableStack.Create(1, 2)),
        Shape.Equal(() => ImmutableHashSet.Create(1, 2)),
        Shape.Equal(() => ImmutableSortedSet.Create(2, 1)),
        Shape.Equal(() => new[] { 1, 2 }.ToFrozenSet()),
        Shape.Equal<IImmutableList<int>>(() => ImmutableList.Create(1, 2)),
        Shape.Equal<IImmutableSet<int>>(() => ImmutableHashSet.Create(1, 2)),
        Shape.Equal<IList<int>>(() => new List<int> { 1 }),
        Shape.Equal<IReadOnlyList<int>>(() => new List<int> { 1 }),
        Shape.Equal<ISet<int>>(() => new HashSet<int> { 1 }),
        Shape.Equal(() => new Names { "a", "b" }),
        Shape.Equal(() => new Numbers { 1, 2 }),
        Shape.Equal(() => new Uniques { "a" }),
        Shape.Equal(() => new HoldsMany { Items = [1], Names = new Queue<string>(["a"]), Sizes = ImmutableList.Create(2), Ids = ImmutableArray.Create(3) }),
        Shape.Equal(() => new ReadOnlyMemory<byte>([1, 2, 3])),
        Shape.Equal(() => new Memory<byte>([1, 2, 3])),
        Shape.Documented<IEnumerable<int>>(DocumentedExceptions.InterfaceKinds, () => new[] { 1, 2 }, () => new List<int> { 1, 2 }),
        Shape.Documented<IEnumerable<int>>(DocumentedExceptions.InterfaceKinds, () => Enumerable.Range(1, 3).Where(static each => each > 1), () => new List<int> { 2, 3 }),
        Shape.Documented<IReadOnlyCollection<string>>(DocumentedExceptions.InterfaceKinds, () => new Queue<string>(["a"]), () => new List<string> { "a" }),
        Shape.Documented<IReadOnlySet<int>>(DocumentedExceptions.InterfaceKinds, () => new SortedSet<int> { 1, 2 }, () => new HashSet<int> { 1, 2 }),
        Shape.Documented(DocumentedExceptions.Comparers, () => new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }, () => new HashSet<string> { "a" }),
        Shape.Documented(DocumentedExceptions.Comparers, () => new SortedSet<string>(StringComparer.Ordinal) { "a" }, () => new SortedSet<string> { "a" }),
        Shape.Documented(DocumentedExceptions.DefaultArrays, () => default(ImmutableArray<int>), () => ImmutableArray<int>.Empty).Sparse(),
        Shape.Documented(DocumentedExceptions.Sharing, Sharing.Make, () => new Sharing { One = new Held { A = 1 }, Other = new Held { A = 1 } }),

        Shape.Refused("several dimensions", () => new[,] { { 1, 2 }, { 3, 4 } }),
        Shape.Refused("Total", () => new PageList { Total = 9 }.With(1)),
        Shape.Refused("Total", () => new MarkedPageList { Total = 9 }.With(1)),
        Shape.Refused("Title", () => new Titled { Title = "t" }),
        Shape.Refused("Forest", () => new Forest()),
        Shape.Refused("NamedTrees", () => new NamedTrees { Name = "n" }),
        Shape.Refused("IGrouping", () => new[] { "a", "bb" }.GroupBy(static each => each.Length)),
        Shape.Refused("ILookup", () => new[] { "a", "bb" }.ToLookup(static each => each.Length)),
        Shape.Refused("itself", Looped.Make),
        Shape.Refused("BitArray", () => new BitArray([true, false])),
        Shape.Refused("PriorityQueue", () => new PriorityQueue<string, int>([("a", 1)])),
    ];

    public sealed class Names : List<string>;
    public sealed class Numbers : Collection<int>;
    public sealed class Uniques : HashSet<string>;

    public sealed class HoldsMany
    {
        public int[]? Items { get; set; }
        public Queue<string>? Names { get; set; }
        public ImmutableList<int>? Sizes { get; set; }
        public ImmutableArray<int> Ids { get; set; }
    }

    public sealed class Held { public int A { get; set; } }

    public sealed class Sharing
    {
        public Held? One { get; set; }
        public Held? Other { get; set; }

        public static Sharing Make()
        {
            Held shared = new Held { A = 1 };
            return new Sharing { One = shared, Other = shared };
        }
    }

    public sealed class PageList : List<int>
    {
        public int Total { get; set; }

        public PageList With(int item)
        {
            Add(item);
            return this;
        }
    }

    [GawSerializable("CataloguePageList")]
    public sealed class MarkedPageList : List<int>
    {
        public int Total { get; set; }

        public MarkedPageList With(int item)
        {
            Add(item);
            return this;
        }
    }

    public sealed class Titled : IEnumerable<int>
    {
        private readonly List<int> _items = [1];
        public string? Title { get; set; }
        public IEnumerator<int> GetEnumerator() => _items.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Forest : IEnumerable<Forest>
    {
        private readonly List<Forest> _trees = [];
        public IEnumerator<Forest> GetEnumerator() => _trees.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class NamedTrees : List<NamedTrees> { public string? Name { get; set; } }

    public sealed class Looped
    {
        public int Arguments { get; set; }
        public List<Looped> Items { get; set; } = [];

        public static Looped Make()
        {
            Looped made = new Looped { Arguments = 1 };
            made.Items.Add(made);
            return made;
        }
    }
}
