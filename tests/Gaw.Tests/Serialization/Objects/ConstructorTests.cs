using System.Collections.Immutable;

namespace Gaw.Tests.Serialization.Objects;

/// <summary>Which constructor makes a value again, and what its parameters are read as.</summary>
public sealed class ConstructorTests
{
    public interface IPet
    {
        string Name { get; }
    }

    [Fact]
    public void Setters_give_a_value_back_as_it_is_where_a_constructor_could_change_it()
    {
        Wire.Through(new Price { Amount = 5 }, """{"amount": 5}""")!.Amount.Should().Be(5);
        Wire.Through(new Mixed(1) { Name = "ann" }, """{"id": 1, "name": "ann"}""")!.Name.Should().Be("ann", "only what has no setter is given to the constructor");
    }

    [Fact]
    public void A_constructor_comes_before_filling_in_place() =>
        Wire.Through(new Batch([1, 2]), """{"items": [1, 2]}""")!.Items.Should().Equal(1, 2);

    [Fact]
    public void A_parameter_is_read_in_the_form_in_which_its_member_is_written()
    {
        Wire.Through(new Settings([new("a", "b")]), """{"entries": {"a": "b"}}""")!.Entries.Should().Equal(new Dictionary<string, string> { ["a"] = "b" });
        Wire.Through(new Blob([1, 2]), """{"data": "AQI="}""")!.Data.Should().Equal(1, 2);
        Wire.Through(new Letters("abc"), """{"text": "abc"}""")!.Text.Should().Be("abc");
        Wire.Through(new Day(new DateOnly(2020, 1, 2)), """{"value": "2020-01-02"}""")!.Value.Should().Be(new DateOnly(2020, 1, 2));
        Wire.Through(new Kennel(new Dog("Rex")), """{"pet": {"name": "Rex"}}""")!.Pet.Name.Should().Be("Rex");
        Wire.Through(new Copied([2, 1]), """{"items": [2, 1]}""")!.Items.Should().Equal(2, 1);
    }

    [Fact]
    public void A_parameter_of_another_form_on_the_wire_takes_no_member()
    {
        Wire.Refused<Turned>("""{"items": [2, 1]}""").Message.Should().Contain("no public constructor", "a stack would be turned round");
        Wire.Refused<Listed>("""{"entries": []}""").Message.Should().Contain("no public constructor");
        Wire.Refused<Bytes>("""{"data": []}""").Message.Should().Contain("no public constructor");
    }

    public sealed class Price
    {
        public Price()
        {
        }

        public Price(int amount) => Amount = amount * 100;

        public int Amount { get; set; }
    }

    public sealed class Mixed
    {
        public Mixed(int id) => Id = id;

        public Mixed(int id, string name)
        {
            Id = id;
            Name = name.ToUpperInvariant();
        }

        public int Id { get; }

        public string Name { get; set; } = "";
    }

    public sealed class Batch
    {
        public Batch() => Items = Array.Empty<int>();

        public Batch(IEnumerable<int> items) => Items = items.ToArray();

        public ICollection<int> Items { get; }
    }

    public sealed class Settings(IEnumerable<KeyValuePair<string, string>> entries)
    {
        public IReadOnlyDictionary<string, string> Entries { get; } = new Dictionary<string, string>(entries);
    }

    public sealed class Blob(IEnumerable<byte> data)
    {
        public byte[] Data { get; } = [.. data];
    }

    public sealed class Letters(IEnumerable<char> text)
    {
        public string Text { get; } = string.Concat(text);
    }

    public sealed class Day(object value)
    {
        public DateOnly Value { get; } = (DateOnly)value;
    }

    public sealed class Kennel(IPet pet)
    {
        public Dog Pet { get; } = (Dog)pet;
    }

    public sealed class Copied(IEnumerable<int> items)
    {
        public ImmutableArray<int> Items { get; } = [.. items];
    }

    public sealed class Turned(IEnumerable<int> items)
    {
        public Stack<int> Items { get; } = new(items);
    }

    public sealed class Listed(Dictionary<string, int> entries)
    {
        public IReadOnlyList<KeyValuePair<string, int>> Entries { get; } = [.. entries];
    }

    public sealed class Bytes(byte[] data)
    {
        public ImmutableArray<byte> Data { get; } = [.. data];
    }

    public sealed record Dog(string Name) : IPet;
}
