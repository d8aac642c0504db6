using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization;

public sealed class ObjectTests
{
    public interface IShape
    {
        string Name { get; }
    }

    [Fact]
    public void A_marked_record_travels_under_its_tag_with_snake_case_members() =>
        Wire.Through(new MathResult("hello!", 30), """{"_v": {"header": "hello!", "result_value": 30}, "_t": "MathResult"}""").Should().Be(new MathResult("hello!", 30));

    [Fact]
    public void A_plain_record_travels_as_a_dict_and_is_read_from_either_form()
    {
        Wire.Through(new Pair(1, "x"), """{"a": 1, "b_name": "x"}""").Should().Be(new Pair(1, "x"));
        Wire.To<Pair>("""{"_v": {"b_name": "x", "a": 1}, "_t": "Unheard"}""").Should().Be(new Pair(1, "x"));
        Wire.To<MathResult>("""{"result_value": 1, "header": "h"}""").Should().Be(new MathResult("h", 1));
    }

    [Theory]
    [InlineData("""{"_t": "MathResult", "_v": {"header": "h", "result_value": 1}}""")]
    [InlineData("""{"_v": {"header": "h", "result_value": 1}, "more": [1], "_t": "MathResult"}""")]
    [InlineData("""{"more": [1], "_v": {"header": "h", "result_value": 1}, "_t": "MathResult"}""")]
    [InlineData("""{"_v": {"header": "x", "result_value": 0}, "_t": "MathResult", "_v": {"header": "h", "result_value": 1}}""")]
    [InlineData("""{"_v": {"\u0068eader": "h", "result_value": 1}, "_\u0074": "Math\u0052esult"}""")]
    [InlineData("""{"Header": "h", "ResultValue": 1}""")]
    public void Key_order_other_keys_doubled_keys_escapes_and_CSharp_names_are_no_matter(string json)
    {
        Wire.To<MathResult>(json).Should().Be(new MathResult("h", 1));
        if (json.Contains("_v", StringComparison.Ordinal))
        {
            Wire.To<object>(json, new GawTypes().Add<MathResult>()).Should().Be(new MathResult("h", 1));
        }
    }

    [Fact]
    public void Defaults_of_the_constructor_stand_in_for_absent_members()
    {
        Wire.To<WithDefaults>("""{"_v": {"x": 1}, "_t": "WithDefaults"}""").Should().Be(new WithDefaults(1));
        Wire.To<WithDefaults>("""{"_v": {"x": 1, "day": "Sunday", "y": 7, "label": null, "when": 5}, "_t": "WithDefaults"}""")
            .Should().Be(new WithDefaults(1, 7, null, DayOfWeek.Sunday, 5));
    }

    [Fact]
    public void Init_properties_are_set_after_the_constructor_and_required_ones_must_come()
    {
        Wire.Through(new Settings { Name = "n", Size = 3 }, """{"_v": {"name": "n", "size": 3, "note": null}, "_t": "Settings"}""")
            .Should().BeEquivalentTo(new Settings { Name = "n", Size = 3 });
        Wire.To<Settings>("""{"_v": {"name": "n"}, "_t": "Settings"}""")!.Size.Should().Be(10);
        Wire.Refused<Settings>("""{"_v": {"size": 3}, "_t": "Settings"}""").Message.Should().Be("Settings lacks its member \"name\".");
    }

    [Fact]
    public void JsonPropertyName_wins_and_JsonIgnore_keeps_a_member_at_home() =>
        Wire.Through(new Renamed(1) { Secret = "s" }, """{"_v": {"X-\u00e9\"": 1}, "_t": "other.name"}""").Should().BeEquivalentTo(new Renamed(1));

    [Fact]
    public void Structs_classes_fields_and_computed_properties_each_do_what_one_expects()
    {
        Wire.Through(new Spot { X = 1, Y = 2 }, """{"y": 2, "x": 1}""").Should().Be(new Spot { X = 1, Y = 2 });
        Wire.Through(new Box(2, 3), """{"_v": {"width": 2, "height": 3}, "_t": "Box"}""")!.Area.Should().Be(6);
        Wire.Of(new { Name = "n", InnerValue = new { A = 1.0 } }).Should().Be("""{"name": "n", "inner_value": {"a": 1.0}}""");
        Wire.Through(new KeyValuePair<string, int>("k", 1), """{"key": "k", "value": 1}""").Should().Be(new KeyValuePair<string, int>("k", 1));
    }

    [Fact]
    public void Objects_nest_in_lists_dictionaries_tuples_sets_and_each_other()
    {
        Node tree = new Node("root", [new Node("leaf", [], null)], new Dictionary<string, Node> { ["k"] = new("named", [], null) });
        string wire = Wire.Of(tree);
        wire.Should().Be("""{"_v": {"name": "root", "children": [{"_v": {"name": "leaf", "children": [], "by_name": null}, "_t": "Node"}], "by_name": {"k": {"_v": {"name": "named", "children": [], "by_name": null}, "_t": "Node"}}}, "_t": "Node"}""");
        Wire.To<Node>(wire).Should().BeEquivalentTo(tree);
        Wire.To<object>(wire, new GawTypes().Add<Node>()).Should().BeEquivalentTo(tree);
        Wire.Through((new Pair(1, "a"), new HashSet<Pair> { new(2, "b") }), """{"_v": [{"a": 1, "b_name": "a"}, {"_v": [{"a": 2, "b_name": "b"}], "_t": "set"}], "_t": "tuple"}""")
            .Item2.Should().Contain(new Pair(2, "b"));
    }

    [Fact]
    public void A_subclass_goes_out_under_its_most_derived_name_and_comes_back_where_its_base_is_asked_for()
    {
        GawTypes types = new GawTypes().Add<Circle>().Add<Ring>();
        string wire = Wire.Of<Shape[]>([new Circle("c", 1), new Ring("r", 2, 1), new Shape("s")], types);
        wire.Should().Be("""[{"_v": {"name": "c", "radius": 1}, "_t": "Circle"}, {"_v": {"name": "r", "radius": 2, "hole": 1}, "_t": "Ring"}, {"_v": {"name": "s"}, "_t": "Shape"}]""");
        Wire.To<Shape[]>(wire, types).Should().Equal(new Circle("c", 1), new Ring("r", 2, 1), new Shape("s"));
        Wire.To<IShape>("""{"_v": {"name": "c", "radius": 1}, "_t": "Circle"}""", types).Should().Be(new Circle("c", 1));
        Wire.Refused<IShape>("""{"_v": {"name": "s"}, "_t": "Unheard"}""", types).Message.Should().Contain("abstract");
        Wire.Refused<Circle>("""{"_v": {"name": "r", "radius": 2}, "_t": "Ring"}""", new GawTypes().Add<Ring>().Add<Settings>()).Message.Should().Contain("hole");
        Wire.Refused<Circle>("""{"_v": {"name": "r", "radius": 2}, "_t": "Settings"}""", new GawTypes().Add<Settings>()).Message.Should().Contain("a Settings");
    }

    [Fact]
    public void An_unmarked_subclass_of_a_marked_class_is_refused_rather_than_cut_short() =>
        Wire.Unsendable<Shape>(new Blob("b")).Message.Should().Contain("Blob").And.Contain("[GawSerializable]");

    [Fact]
    public void What_is_missing_or_too_much_is_named_with_type_and_member()
    {
        Wire.Refused<MathResult>("""{"_v": {"header": "h"}, "_t": "MathResult"}""").Message.Should().Be("MathResult lacks its member \"result_value\".");
        Wire.Refused<MathResult>("""{"_v": {"header": "h", "result_value": 1, "zz": 2}, "_t": "MathResult"}""")
            .Message.Should().Be("MathResult has no member \"zz\"; it has header, result_value. To pass over what is not known, set UnknownMembers to Ignore.");
    }

    [Fact]
    public void A_constructor_that_throws_is_named_with_the_member_it_complains_of()
    {
        GawSerializationException refused = Wire.Refused<List<Positive>>("""[{"value": 1}, {"value": -1}]""");
        refused.ValuePath.Should().Be("[1].value");
        refused.Message.Should().StartWith("[1].value: Positive cannot be made of these values: ArgumentOutOfRangeException:");
        refused.InnerException.Should().BeOfType<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_path_leads_from_the_outside_to_the_value() =>
        Wire.Refused<Dictionary<string, Node[]>>("""{"k": [{"name": "n", "children": [{"name": 5, "children": []}]}]}""")
            .Message.Should().Be("""["k"][0].children[0].name: Expected string, but got the integer 5.""");

    [Theory]
    [InlineData("""{"_v": [1], "_t": "tuple"}""")]
    [InlineData("""{"_v": "2016-07-29", "_t": "datetime"}""")]
    [InlineData("""{"_v": {"header": "h", "result_value": 1}, "_t": "set"}""")]
    [InlineData("""{"_v": {"header": "h", "result_value": 1}, "_t": null}""")]
    [InlineData("""{"_v": {"header": "h", "result_value": 1}}""")]
    [InlineData("""{"_v": null, "_t": "MathResult"}""")]
    [InlineData("""{"_t": "MathResult"}""")]
    [InlineData("""{"_v": {"header": "h", "result_value": 1}, "_t": 5}""")]
    [InlineData("""{"_v": {"header": "h", "result_value": 1}, "_t": ["MathResult"]}""")]
    [InlineData("[]")]
    [InlineData("5")]
    public void What_is_no_such_object_is_refused(string json) => Wire.Refused<MathResult>(json);

    [Fact]
    public void Null_is_a_value_of_reference_types_and_nullable_value_types_only()
    {
        Wire.To<MathResult>("null").Should().BeNull();
        Wire.To<Spot?>("null").Should().BeNull();
        Wire.To<int?>("null").Should().BeNull();
        Wire.Refused<Spot>("null").Message.Should().Be("Expected Spot, but got null.");
        Wire.Refused<int>("null").Message.Should().Be("Expected int, but got null.");
    }

    [Fact]
    public void A_graph_that_contains_itself_ends_in_an_error()
    {
        Loop loop = new Loop();
        loop.Next = loop;
        Wire.Unsendable(loop).Message.Should().Contain("contains itself");
        List<object?> list = new List<object?>();
        list.Add(list);
        Wire.Unsendable(list).Message.Should().Contain("contains itself");
    }

    [Fact]
    public void Types_without_a_form_say_what_to_do()
    {
        Wire.Unsendable<object>(new MemoryStream()).Message.Should().Be("MemoryStream cannot cross: it has no form on the wire; send its text or numbers.");
        Wire.Unsendable(new { Inner = new { Stream = Stream.Null } }).ValuePath.Should().Be("inner.stream");
        Wire.Unsendable(new int[2, 2]).Message.Should().Contain("array of arrays");
        Wire.Unsendable<object>(new object()).Message.Should().Contain("nothing to send");
        Wire.Unsendable<object>(new InvalidOperationException()).Message.Should().Contain("InvalidOperationException");
        Wire.Unsendable<object>(() => 1).Message.Should().Contain("Func<int>");
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "It is what is tested.")]
    public struct Spot
    {
        public int X;

        public int Y { get; set; }
    }

    [GawSerializable]
    public sealed class Settings
    {
        public required string Name { get; init; }

        public int Size { get; set; } = 10;

        public string? Note { get; init; }
    }

    [GawSerializable]
    public sealed class Box(int width, int height)
    {
        public int Width { get; } = width;

        public int Height { get; } = height;

        public int Area => Width * Height;
    }

    public sealed class Loop
    {
        public Loop? Next { get; set; }
    }

    [GawSerializable]
    public sealed record MathResult(string Header, int ResultValue);

    public sealed record Pair(int A, string BName);

    [GawSerializable]
    public sealed record WithDefaults(int X, double Y = 2.5, string? Label = "see", DayOfWeek Day = DayOfWeek.Friday, int? When = 3);

    [GawSerializable("other.name")]
    public sealed record Renamed([property: JsonPropertyName("X-é\"")] int Value)
    {
        [JsonIgnore]
        public string? Secret { get; init; }
    }

    [GawSerializable]
    public sealed record Node(string Name, List<Node> Children, Dictionary<string, Node>? ByName = null);

    [GawSerializable]
    public record Shape(string Name) : IShape;

    [GawSerializable]
    public record Circle(string Name, int Radius) : Shape(Name);

    [GawSerializable]
    public sealed record Ring(string Name, int Radius, int Hole) : Circle(Name, Radius);

    public sealed record Blob(string Name) : Shape(Name);

    public sealed record Positive
    {
        public Positive(int value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Value = value;
        }

        public int Value { get; }
    }
}
