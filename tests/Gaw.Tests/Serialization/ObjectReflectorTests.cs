using System.Text;
using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Tuples;

namespace Gaw.Tests.Serialization;

/// <summary>What stands in for compiled code in programs that are compiled ahead of time does the same.</summary>
public sealed class ObjectReflectorTests
{
    private static readonly ValueSerializer Serializer = new();

    public static TheoryData<object> Values =>
    [
        new Order("a", 2),
        new Order("a", 2, DayOfWeek.Friday, 7) { Note = "n", Weight = 1.5 },
        new Place { X = 1, Name = "p" },
        new Bag { Items = [1, 2], Inner = new Order("b", 3) },
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Objects_are_written_as_compiled_code_writes_them_and_made_again(object value)
    {
        ((Action<object>)(value switch
        {
            Order => Check<Order>,
            Place => Check<Place>,
            _ => Check<Bag>,
        }))(value);
    }

    [Fact]
    public void Members_that_may_be_left_out_have_their_defaults()
    {
        Read<Order>("""{"name": "a", "count": 2}""").Should().Be(new Order("a", 2));
        Read<Place>("{}").Should().Be(default(Place));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_the_same_words()
    {
        foreach (string json in new[] { """{"name": "a"}""", """{"name": "a", "count": "x"}""", """{"name": "a", "count": 1, "other": 2}""", """{"name": "a", "count": -1}""", """{"name": "a", "count": 1, "weight": -1}""", "[]" })
        {
            string refused = FluentActions.Invoking(() => GawSerializer.Deserialize<Order>(json)).Should().Throw<GawSerializationException>().Which.Message;
            string reflected = FluentActions.Invoking(() => Read<Order>(json)).Should().Throw<GawSerializationException>().Which.Message;
            refused.Should().EndWith(reflected, "only the path in front is added elsewhere");
        }
    }

    [Fact]
    public void Tuples_of_any_length_are_written_and_made_again()
    {
        CheckTuple((1, "a"));
        CheckTuple((1, 2, 3, 4, 5, 6, 7, 8, "nine"));
        CheckTuple(Tuple.Create(1, "a"));
        CheckTuple(default(ValueTuple));
    }

    private static void Check<T>(object value)
    {
        ObjectShape shape = ObjectShape.Of(typeof(T));
        ObjectMembersWriter<T> write = ObjectReflector.Writer<T>(shape, new MemberTable(shape, [], ignoresUnknown: false), [.. shape.Members.Select(static member => Serializer.Get(member.SourceType))]);
        using JsonWriter writer = new();
        int current = 0;
        writer.BeginObject();
        write(writer, (T)value, ref current);
        writer.EndObject();

        string json = Encoding.UTF8.GetString(writer.Written);

        json.Should().Be(GawSerializer.Serialize((T)value));
        Read<T>(json).Should().BeEquivalentTo((T)value);
    }

    private static T Read<T>(string json)
    {
        ObjectShape shape = ObjectShape.Of(typeof(T));
        ValueConverter[] converters = [.. shape.Members.Select(static member => Serializer.Get(member.Type))];
        ObjectReader<T> read = ObjectReflector.Reader<T>(shape, new MemberTable(shape, converters, ignoresUnknown: false), converters);
        JsonReader reader = new(Encoding.UTF8.GetBytes(json), JsonLimits.Default);
        ObjectProgress progress = new ObjectProgress { Member = -1 };
        return read(ref reader, ref progress);
    }

    private static void CheckTuple<T>(T tuple)
    {
        ValueConverter<T> converter = TupleReflector.Converter<T>([.. TupleCompiler.Items(typeof(T)).Select(Serializer.Get)]);
        using JsonWriter writer = new();
        converter.Write(writer, tuple);
        Encoding.UTF8.GetString(writer.Written).Should().Be(GawSerializer.Serialize(tuple));
        JsonReader reader = new(writer.Written, JsonLimits.Default);
        converter.Read(ref reader).Should().Be(tuple);
    }

#pragma warning disable CA1051 // A field that travels.
    public record struct Place
    {
        public int X;

        public string? Name { get; set; }
    }
#pragma warning restore CA1051

    public sealed record Order(string Name, int Count, DayOfWeek Day = DayOfWeek.Monday, long? Limit = 5)
    {
        public int Count { get; } = Count >= 0 ? Count : throw new ArgumentOutOfRangeException(nameof(Count), "Give 0 or more.");

        public string? Note { get; init; }

        public double Weight
        {
            get;
            set => field = value >= 0 ? value : throw new ArgumentException("Give 0 or more.");
        }
    }

    public sealed class Bag
    {
        public required List<int> Items { get; set; }

        public Order? Inner { get; set; }
    }
}
