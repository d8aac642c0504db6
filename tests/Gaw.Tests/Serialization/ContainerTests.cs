using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Gaw.Tests.Serialization;

public sealed class ContainerTests
{
    private const string List = "[1, 2, 3]";
    private const string Tuple = """{"_v": [1, 2, 3], "_t": "tuple"}""";
    private const string Set = """{"_v": [1, 2, 3], "_t": "set"}""";

    [Fact]
    public void Every_kind_of_list_goes_out_as_a_list_and_comes_back()
    {
        int[] items = [1, 2, 3];
        Lists<int[]>(items);
        Lists(new List<int>(items));
        Lists<IList<int>>(items);
        Lists<ICollection<int>>(items);
        Lists<IEnumerable<int>>(items);
        Lists<IReadOnlyList<int>>(items);
        Lists<IReadOnlyCollection<int>>(items);
        Lists(new Collection<int>(items));
        Lists(new ObservableCollection<int>(items));
        Lists(new ReadOnlyCollection<int>(items));
        Lists(new LinkedList<int>(items));
        Lists(new Queue<int>(items));
        Lists(new Stack<int>([3, 2, 1]));
        Lists(new ConcurrentQueue<int>(items));
        Lists(new ConcurrentStack<int>([3, 2, 1]));
        Lists(ImmutableArray.Create(items));
        Lists(ImmutableList.Create(items));
        Lists<IImmutableList<int>>(ImmutableList.Create(items));
        Lists(ImmutableQueue.Create(items));
        Lists(ImmutableStack.Create(3, 2, 1));
        Lists(new Own { 1, 2, 3 });
        Wire.To<ConcurrentBag<int>>(Wire.Of(new ConcurrentBag<int>(items))).Should().BeEquivalentTo(items);
        Wire.Of(default(ImmutableArray<int>)).Should().Be("[]");
    }

    [Fact]
    public void Every_kind_of_set_goes_out_as_a_set_and_comes_back()
    {
        int[] items = [1, 2, 3];
        Sets(new HashSet<int>(items));
        Sets<ISet<int>>(new HashSet<int>(items));
        Sets<IReadOnlySet<int>>(new HashSet<int>(items));
        Sets(new SortedSet<int>(items));
        Sets(items.ToFrozenSet());
        Sets(ImmutableHashSet.Create(items));
        Sets<IImmutableSet<int>>(ImmutableHashSet.Create(items));
        Sets(ImmutableSortedSet.Create(items));
        Wire.To<HashSet<int>>("[1, 1, 2]").Should().BeEquivalentTo([1, 2]);
    }

    [Fact]
    public void Every_kind_of_dictionary_goes_out_as_a_dict_and_comes_back()
    {
        Dictionary<string, int> entries = new() { ["z"] = 1, ["a"] = 2 };
        Dicts(entries);
        Dicts<IDictionary<string, int>>(entries);
        Dicts<IReadOnlyDictionary<string, int>>(entries);
        Dicts(new OrderedDictionary<string, int>(entries));
        Dicts(new ReadOnlyDictionary<string, int>(entries));
        Dicts(new SortedDictionary<string, int>(entries));
        Dicts(new SortedList<string, int>(entries));
        Dicts(new ConcurrentDictionary<string, int>(entries));
        Dicts(entries.ToFrozenDictionary());
        Dicts(entries.ToImmutableDictionary());
        Dicts<IImmutableDictionary<string, int>>(entries.ToImmutableDictionary());
        Dicts(entries.ToImmutableSortedDictionary());
        Dicts(new OwnMap { ["z"] = 1, ["a"] = 2 });
        Wire.Of(entries).Should().Be("""{"z": 1, "a": 2}""", "the order is kept");
        Wire.To<Dictionary<string, int>>("""{"a": 1, "b": 2, "a": 3}""").Should().Equal(new Dictionary<string, int> { ["a"] = 3, ["b"] = 2 });
    }

    [Fact]
    public void Keys_become_texts_by_the_original_rules_and_come_back_as_what_they_were()
    {
        Keys(new Dictionary<int, string> { [1] = "a", [-2] = "b" }, """{"1": "a", "-2": "b"}""");
        Keys(new Dictionary<Int128, int> { [Int128.MaxValue] = 1 }, """{"170141183460469231731687303715884105727": 1}""");
        Keys(new Dictionary<double, int> { [1.5] = 1, [2] = 2, [1e16] = 3, [double.NegativeInfinity] = 4, [double.NaN] = 5 }, """{"1.5": 1, "2.0": 2, "1e+16": 3, "-Infinity": 4, "NaN": 5}""");
        Keys(new Dictionary<float, int> { [0.1f] = 1 }, """{"0.1": 1}""");
        Keys(new Dictionary<bool, int> { [true] = 1, [false] = 2 }, """{"true": 1, "false": 2}""");
        Keys(new Dictionary<char, int> { ['é'] = 1 }, """{"\u00e9": 1}""");
        Keys(new Dictionary<DayOfWeek, int> { [DayOfWeek.Sunday] = 1 }, """{"Sunday": 1}""");
        Wire.Of(new Dictionary<object, int> { [1] = 1, ["b"] = 2, [2.0] = 3, [true] = 4 }).Should().Be("""{"1": 1, "b": 2, "2.0": 3, "true": 4}""");
    }

    [Fact]
    public void Keys_that_cannot_be_texts_are_refused()
    {
        Wire.Unsendable(new Dictionary<Version[], int>()).Message.Should().Be("Version[] cannot be the key of a dictionary on the wire, where keys are texts. Use a text, a number, a bool, an enum, a Guid or a date.");
        Wire.Unsendable(new Dictionary<(int, int), int>());
        Wire.Unsendable(new Dictionary<object, int> { [(1, 2)] = 1 }).Message.Should().Contain("(int, int) cannot be the key");
        Wire.Unsendable(new Dictionary<object, int> { [1] = 1, ["1"] = 2 }).Message.Should().EndWith("The dictionary has two keys that are \"1\" on the wire, where keys are texts. Use keys of one type.");
        Wire.Refused<Dictionary<int, int>>("""{"x": 1}""").Message.Should().Be("""["x"]: Expected int as a key, but got the text "x".""");
        Wire.Refused<Dictionary<int, int>>("""{"1.0": 1}""");
        Wire.Refused<Dictionary<bool, int>>("""{"True": 1}""");
        Wire.Refused<Dictionary<DayOfWeek, int>>("""{"0": 1}""");
    }

    [Fact]
    public void Tuples_of_every_length_keep_the_type_of_each_item()
    {
        Wire.Through(default(ValueTuple), """{"_v": [], "_t": "tuple"}""");
        Wire.Through(ValueTuple.Create(1), """{"_v": [1], "_t": "tuple"}""").Should().Be(ValueTuple.Create(1));
        Wire.Through((1, "a", 3.0, (object?)null), """{"_v": [1, "a", 3.0, null], "_t": "tuple"}""").Should().Be((1, "a", 3.0, null));
        Wire.Through((1, 2, 3, 4, 5, 6, 7, "8", 9.0), """{"_v": [1, 2, 3, 4, 5, 6, 7, "8", 9.0], "_t": "tuple"}""").Should().Be((1, 2, 3, 4, 5, 6, 7, "8", 9.0));
        Wire.Through(System.Tuple.Create(1, "a"), """{"_v": [1, "a"], "_t": "tuple"}""").Should().Be(System.Tuple.Create(1, "a"));
        Wire.Through<Tuple<int>?>(null, "null").Should().BeNull();
        Wire.To<(int A, List<string> B)>("""[1, ["x"]]""").B.Should().Equal("x");
        Wire.Through<object[]>([1, "a"], """{"_v": [1, "a"], "_t": "tuple"}""").Should().Equal(1, "a");
    }

    [Fact]
    public void A_tuple_of_another_length_or_with_a_wrong_item_is_refused_with_its_place()
    {
        Wire.Refused<(int, string)>("""{"_v": [1], "_t": "tuple"}""").Message.Should().Be("Expected (int, string) of 2 items, but got 1.");
        Wire.Refused<(int, string)>("""[1, "a", 2]""").Message.Should().Be("Expected (int, string) of 2 items, but got more.");
        Wire.Refused<(int, string)>("""{"_v": [1, 2], "_t": "tuple"}""").Message.Should().Be("[1]: Expected string, but got the integer 2.");
        Wire.Refused<(int, string)>("""{"_v": [1, "a"], "_t": "set"}""").Message.Should().Be("Expected (int, string), but got a set.");
        Wire.Refused<(int, string)>("""{"a": 1}""").Message.Should().Be("Expected (int, string), but got a dict.");
    }

    [Fact]
    public void The_type_asked_for_decides_what_a_sequence_becomes()
    {
        Wire.To<List<int>>(Tuple).Should().Equal(1, 2, 3);
        Wire.To<HashSet<int>>(Tuple).Should().BeEquivalentTo([1, 2, 3]);
        Wire.To<int[]>(Set).Should().BeEquivalentTo([1, 2, 3]);
        Wire.To<(int, int, int)>(List).Should().Be((1, 2, 3));
        Wire.Refused<List<int>>("\"abc\"").Message.Should().Be("Expected List<int>, but got the text \"abc\".");
        Wire.Refused<List<int>>("""{"_v": "abc", "_t": "tuple"}""").Message.Should().Be("Expected List<int>, but got the text \"abc\".");
        Wire.Refused<List<int>>("""{"_v": [1], "_t": "datetime"}""").Message.Should().Be("Expected List<int>, but got a datetime.");
        Wire.Refused<List<int>>("{}").Message.Should().Be("Expected List<int>, but got a dict.");
        Wire.Refused<List<int>>("""[1, null]""").Message.Should().Be("[1]: Expected int, but got null.");
    }

    [Fact]
    public void The_members_of_an_unknown_object_can_be_read_as_a_dictionary()
    {
        Wire.To<Dictionary<string, object?>>("""{"_v": {"x": 1, "_v": 2}, "_t": "Point"}""").Should().Equal(new Dictionary<string, object?> { ["x"] = 1, ["_v"] = 2 });
        Wire.To<Dictionary<string, int?>>("""{"_v": null, "x": 1}""").Should().Equal(new Dictionary<string, int?> { ["_v"] = null, ["x"] = 1 });
        Wire.Refused<Dictionary<string, object?>>("""{"_v": {"x": 1}}""").Message.Should().Contain("needs the key \"_t\"");
        Wire.Refused<Dictionary<string, object?>>("""{"_t": "x"}""").Message.Should().Contain("needs the key \"_v\"");
        Wire.Refused<Dictionary<string, object?>>("""{"_v": [1], "_t": "tuple"}""").Message.Should().Contain("but got a tuple");
    }

    [Fact]
    public void A_sequence_that_cannot_be_made_again_can_still_be_sent()
    {
        IEnumerable<int> lazy = Enumerable.Range(1, 3).Where(each => each > 0);
        Wire.Of<object>(lazy).Should().Be(List);
        Wire.Of(lazy).Should().Be(List);
    }

    [Fact]
    public void What_a_collection_itself_refuses_is_told_with_its_type()
    {
        Wire.Of(new ArraySegment<int>([1, 2, 3])).Should().Be(List);
        Wire.Refused<ArraySegment<int>>(List).Message.Should().Contain("can be sent but not received");
        Wire.Refused<IEnumerable<SortedSet<Incomparable>>>("""[[{"x": 1}, {"x": 2}]]""").Message
            .Should().StartWith("[0]: SortedSet<Incomparable> cannot be made of these values:");
        Wire.Refused<SortedDictionary<Half, int>[]>("""[{"x": 1}]""").ValuePath.Should().Be("""[0]["x"]""");
    }

    private static void Lists<T>(T value)
        where T : IEnumerable<int>
    {
        Wire.Through(value, List).Should().Equal(value);
        Wire.Of<object>(value).Should().Be(List);
        Wire.To<T>(Tuple).Should().Equal(value);
        Wire.To<T>(Set).Should().Equal(value);
    }

    private static void Sets<T>(T value)
        where T : IEnumerable<int>
    {
        Wire.To<T>(Wire.Of(value)).Should().BeEquivalentTo(value);
        Wire.Of<object>(value).Should().Be(Wire.Of(value)).And.EndWith("\"_t\": \"set\"}");
        Wire.To<T>(Set).Should().BeEquivalentTo(value);
        Wire.To<T>(List).Should().BeEquivalentTo(value);
    }

    private static void Dicts<T>(T value)
        where T : IEnumerable<KeyValuePair<string, int>>
    {
        T? read = Wire.To<T>(Wire.Of(value));
        read.Should().BeEquivalentTo(value);
        Wire.To<object>(Wire.Of<object>(value)).Should().BeEquivalentTo(new Dictionary<string, object?> { ["z"] = 1, ["a"] = 2 });
    }

    private static void Keys<TKey, TValue>(Dictionary<TKey, TValue> value, string wire)
        where TKey : notnull => Wire.Through(value, wire).Should().Equal(value);

    public sealed record Incomparable(int X);

    public sealed class Own : List<int>;

    public sealed class OwnMap : Dictionary<string, int>;
}
