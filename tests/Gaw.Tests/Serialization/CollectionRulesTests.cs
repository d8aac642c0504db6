using System.Collections;
using System.Collections.Specialized;

namespace Gaw.Tests.Serialization;

/// <summary>A collection travels as its items, and is refused where something would be lost by it.</summary>
public sealed class CollectionRulesTests
{
    [Fact]
    public void A_collection_with_state_of_its_own_is_refused_marked_or_not()
    {
        Wire.Unsendable(new Paged { 1 }).Message.Should()
            .Be("Paged cannot cross: it is a collection that keeps Total beside its items, and one of the two would be lost. Send a type with a member for the items, or mark Total with [JsonIgnore].");
        Wire.Unsendable(new MarkedPaged { 1 }).Message.Should().Contain("Total");
        Wire.Unsendable(new Titled { ["a"] = 1 }).Message.Should().Contain("Title");
        Wire.Refused<Paged>("[1]").Message.Should().Contain("Total");
    }

    [Fact]
    public void A_collection_without_state_of_its_own_is_its_items()
    {
        Wire.Through(new Names { "a" }, """["a"]""").Should().Equal("a");
        Wire.Of(new Wrapped([1, 2])).Should().Be("[1, 2]", "a view of the items is no state");
        Wire.Unsendable(new MarkedNames { "a" }).Message.Should().Contain("it is a collection, which travels as its items and cannot have a name on the wire");
        FluentActions.Invoking(static () => new GawTypes().Add<Names>()).Should().Throw<ArgumentException>().WithMessage("Names is a collection*");
    }

    [Fact]
    public void Collections_that_end_in_nothing_or_lose_their_keys_are_refused()
    {
        Wire.Unsendable(new Tree { new Tree() }).Message.Should().Contain("it is a sequence of itself");
        Wire.Unsendable<object>(new Tree()).Message.Should().Contain("it is a sequence of itself");
        Wire.Unsendable(new[] { 1, 2 }.GroupBy(static n => n % 2)).Message.Should().Contain("the keys of its groups would be lost");
        Wire.Unsendable(new[] { 1, 2 }.ToLookup(static n => n % 2)).Message.Should().Contain("the keys of its groups would be lost");
        Wire.Unsendable(new NameValueCollection { ["a"] = "1" }).Message.Should().Contain("its values would be lost");
    }

    [Fact]
    public void A_set_of_anything_is_refused_where_it_would_become_smaller()
    {
        Wire.Unsendable(new HashSet<object> { 1, 1L }).Message.Should().Contain("two items that are equal on the wire");
        Wire.Unsendable(new HashSet<object> { 1, true }).Message.Should().Contain("two items that are equal on the wire");
        Wire.Of(new HashSet<object> { 1, 2L, "a" }).Should().Be("""{"_v": [1, 2, "a"], "_t": "set"}""");
    }

    [Fact]
    public void A_user_s_own_set_of_chosen_numbers_is_refused_in_bounded_time()
    {
        // Multiples of the size of the table, all of which fall into one bucket.
        string chosen = "[" + string.Join(", ", Enumerable.Range(0, 40_000).Select(static n => (n * 75_431L).ToString(System.Globalization.CultureInfo.InvariantCulture))) + "]";
        _ = Wire.To<HashSet<long>>(chosen);
        Wire.Refused<OwnSet>(chosen).Message.Should().Contain("chosen to be slow");
        Wire.Refused<OwnMap>("{" + string.Join(", ", Enumerable.Range(0, 40_000).Select(static n => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{n * 75_431L}\": 1"))) + "}")
            .Message.Should().Contain("chosen to be slow");
        Wire.To<OwnSet>("[" + string.Join(", ", Enumerable.Range(0, 40_000)) + "]").Should().HaveCount(40_000);
    }

    public sealed class Paged : List<int>
    {
        public int Total { get; set; }
    }

    [GawSerializable]
    public sealed class MarkedPaged : List<int>
    {
        public int Total { get; set; }
    }

    public sealed class Titled : Dictionary<string, int>
    {
        public string? Title { get; set; }
    }

    public sealed class Names : List<string>;

    [GawSerializable]
    public sealed class MarkedNames : List<string>;

    public sealed class OwnSet : HashSet<long>;

    public sealed class OwnMap : Dictionary<long, int>;

    public sealed class Wrapped(List<int> items) : IEnumerable<int>
    {
        public IReadOnlyList<int> Items { get; } = items;

        public int Count => Items.Count;

        public IEnumerator<int> GetEnumerator() => Items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Tree : IEnumerable<Tree>
    {
        private readonly List<Tree> _inner = [];

        public void Add(Tree tree) => _inner.Add(tree);

        public IEnumerator<Tree> GetEnumerator() => _inner.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
