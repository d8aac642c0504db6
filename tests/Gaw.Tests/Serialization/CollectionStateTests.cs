using System.Collections;
using System.Collections.ObjectModel;
using Gaw.Services;

namespace Gaw.Tests.Serialization;

/// <summary>Nothing that a collection keeps beside its items is lost without a word, whatever the type it is declared as.</summary>
public sealed class CollectionStateTests
{
    [Fact]
    public void A_second_list_of_the_same_items_is_state_and_no_view_of_them()
    {
        Wire.Unsendable(new Team { "a" }).Message.Should().Contain("keeps Reserves beside its items");
        Wire.Unsendable(new Log([], ["bad"])).Message.Should().Contain("keeps Errors beside its items");
        Wire.Of(new Shown([1, 2])).Should().Be("[1, 2]", "the list that it shows is the one that holds the items");
    }

    [Fact]
    public void A_capacity_of_its_own_is_state() =>
        Wire.Unsendable(new Bounded { 1 }).Message.Should().Contain("keeps Capacity beside its items");

    [Fact]
    public void What_a_collection_holds_from_the_start_is_replaced_by_the_items_that_come()
    {
        Wire.To<Defaults>("[99, 1]").Should().Equal(99, 1);
        Wire.To<DefaultSet>("[1]").Should().Equal(1);
        Wire.To<DefaultMap>("""{"zz": 1, "a": 2}""").Should().Equal(new Dictionary<string, int> { ["zz"] = 1, ["a"] = 2 });
        Wire.To<DefaultMap>("{}").Should().BeEmpty();
    }

    [Fact]
    public void A_derived_collection_with_state_is_refused_where_it_is_sent_as_its_base_class()
    {
        Wire.Unsendable<List<int>>(new Paged { 1 }).Message.Should().StartWith("A Paged cannot be sent as List<int>: it is a collection that keeps Total beside its items");
        Wire.Unsendable<Dictionary<string, int>>(new Titled { ["a"] = 1 }).Message.Should().StartWith("A Titled cannot be sent as Dictionary<string, int>: it is a collection that keeps Title");
        Wire.Unsendable(new Holder(new Paged { 1 })).Message.Should().StartWith("items: A Paged cannot be sent as List<int>");
        Wire.Of<IReadOnlyList<int>>(new Paged { 1 }).Should().Be("[1]", "an interface promises the items and nothing else");
        Wire.Of<List<int>>([1]).Should().Be("[1]");
        Wire.Of<List<int>>(new Plain { 1 }).Should().Be("[1]", "nothing would be lost");
    }

    [Fact]
    public void Keys_and_items_that_only_a_comparer_tells_apart_are_refused()
    {
        Dictionary<string, int> map = new Dictionary<string, int>(ReferenceEqualityComparer.Instance) { [new string('a', 1)] = 1, [new string('a', 1)] = 2 };
        Wire.Unsendable(map).Message.Should().Contain("two keys that are \"a\" on the wire");
        Wire.Unsendable(new HashSet<string>(ReferenceEqualityComparer.Instance) { new('a', 1), new('a', 1) }).Message.Should().Contain("two items that are equal without its comparer");
        Wire.Of(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }).Should().Be("""{"_v": ["a"], "_t": "set"}""");
    }

    [Fact]
    public void A_collection_that_is_always_read_only_counts_as_one_that_can_only_be_sent()
    {
        Wire.Refused<ArraySegment<int>>("[1]").Message.Should().Be("ArraySegment<int> can be sent but not received, as it is read-only. Take an array or a List<int>.");
        Wire.Refused<ReadOnlyItemCollection>("[1]").Message.Should().Contain("as it is read-only");
        Func<GawServer> adding = () => new GawServer("127.0.0.1", 0).Add<Taker>();
        adding.Should().Throw<ArgumentException>().WithMessage("*ArraySegment<int> can be sent but not received*");
    }

    public sealed class Team : List<string>
    {
        public List<string> Reserves { get; set; } = [];
    }

    public sealed class Log(List<string> lines, List<string> errors) : IEnumerable<string>
    {
        private readonly List<string> _lines = lines;

        public List<string> Errors { get; } = errors;

        public IEnumerator<string> GetEnumerator() => _lines.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Shown(List<int> items) : IEnumerable<int>
    {
        public List<int> Items { get; } = items;

        public IEnumerator<int> GetEnumerator() => Items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Bounded : Collection<int>
    {
        public int Capacity { get; set; } = 10;
    }

    public sealed class Defaults : List<int>
    {
        public Defaults() => Add(99);
    }

    public sealed class DefaultSet : HashSet<int>
    {
        public DefaultSet() => Add(99);
    }

    public sealed class DefaultMap : Dictionary<string, int>
    {
        public DefaultMap() => Add("zz", 99);
    }

    public sealed class Paged : List<int>
    {
        public int Total { get; set; }
    }

    public sealed class Plain : List<int>;

    public sealed class Titled : Dictionary<string, int>
    {
        public string Title { get; set; } = "t";
    }

    public sealed record Holder(List<int> Items);

    public sealed class ReadOnlyItemCollection : ICollection<int>
    {
        public int Count => 0;

        public bool IsReadOnly => true;

        public void Add(int item) => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public bool Contains(int item) => false;

        public void CopyTo(int[] array, int arrayIndex)
        {
        }

        public bool Remove(int item) => false;

        public IEnumerator<int> GetEnumerator() => Enumerable.Empty<int>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Taker
    {
        [Entrypoint]
        public int Take(ArraySegment<int> items) => items.Count;
    }
}
