using System.Collections;
using System.Dynamic;
using System.Numerics;

namespace Gaw.Tests.Serialization;

/// <summary>Values whose type nobody named.</summary>
public sealed class NaturalTypeTests
{
    public static TheoryData<string, object?> Documents => new()
    {
        { "null", null },
        { "true", true },
        { "5", 5 },
        { "-2147483648", int.MinValue },
        { "2147483648", 2147483648L },
        { "9223372036854775807", long.MaxValue },
        { "9223372036854775808", new BigInteger(9223372036854775808UL) },
        { "3.0", 3.0 },
        { "-0.0", -0.0 },
        { "NaN", double.NaN },
        { "-Infinity", double.NegativeInfinity },
        { "\"a\\ud800b\"", "a\ud800b" },
        { "[1, \"two\", [null]]", new List<object?> { 1, "two", new List<object?> { null } } },
        { "{\"a\": {\"b\": 1}}", new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["b"] = 1 } } },
        { "{\"_v\": null, \"_t\": null, \"x\": 1}", new Dictionary<string, object?> { ["_v"] = null, ["_t"] = null, ["x"] = 1 } },
        { "{\"_v\": [1, [2]], \"_t\": \"tuple\"}", new object?[] { 1, new List<object?> { 2 } } },
        { "{\"_v\": \"06335e84-2872-4914-8c5d-3ed07d2a2f16\", \"_t\": \"uuid\"}", new Guid("06335e84-2872-4914-8c5d-3ed07d2a2f16") },
        { "{\"_v\": \"2016-07-29 11:18:20.480054\", \"_t\": \"datetime\"}", new DateTime(2016, 7, 29, 11, 18, 20).AddMicroseconds(480054) },
        { "{\"_v\": \"2016-07-29 11:18:20+07:00\", \"_t\": \"datetime\"}", new DateTimeOffset(2016, 7, 29, 11, 18, 20, TimeSpan.FromHours(7)) },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_form_is_read_as_its_natural_type_and_written_as_it_was(string json, object? expected)
    {
        object? read = Wire.To<object>(json);
        read.Should().BeEquivalentTo(expected, options => options.RespectingRuntimeTypes().WithStrictOrdering());
        read?.GetType().Should().Be(expected!.GetType());
        (read as DateTime?)?.Kind.Should().Be(DateTimeKind.Unspecified);
        Wire.Of(read).Should().Be(json);
    }

    [Fact]
    public void Set_items_that_are_equal_in_Python_merge()
    {
        Wire.To<object>("""{"_v": [1, 1.0, true, 0.5, "1", {"_v": [1], "_t": "tuple"}, {"_v": [1.0], "_t": "tuple"}, 1e300, null, null], "_t": "set"}""")
            .Should().BeOfType<HashSet<object?>>().Which.Should().HaveCount(6).And.Contain(true).And.Contain(1).And.Contain("1");
        Wire.To<HashSet<object?>>("[18446744073709551616, 1.8446744073709552e19]").Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"_v": [[1]], "_t": "set"}""")]
    [InlineData("""{"_v": [{"a": 1}], "_t": "set"}""")]
    [InlineData("""{"_v": [{"_v": [[1]], "_t": "tuple"}], "_t": "set"}""")]
    [InlineData("""{"_v": 5, "_t": "tuple"}""")]
    [InlineData("""{"_v": "2016-02-30 00:00:00", "_t": "datetime"}""")]
    [InlineData("""{"_v": 5, "_t": "datetime"}""")]
    [InlineData("""{"_v": "2016-07-29 11:18:20+14:01", "_t": "datetime"}""")]
    [InlineData("""{"_v": "0001-01-01 00:00:00+07:00", "_t": "datetime"}""")]
    [InlineData("""{"_v": "zz", "_t": "uuid"}""")]
    [InlineData("""{"_v": [], "_t": "Point"}""")]
    [InlineData("""{"_v": {}, "_t": ""}""")]
    [InlineData("""{"_v": {}, "_t": 5}""")]
    [InlineData("""{"_v": {}, "_t": []}""")]
    [InlineData("""{"_v": {}}""")]
    [InlineData("""{"_t": "tuple"}""")]
    [InlineData("""{"_v": null, "_t": "tuple"}""")]
    [InlineData("""{"_v": 1, "_t": null}""")]
    public void What_the_markers_do_not_allow_is_refused(string json) => Wire.Refused<object>(json);

    [Fact]
    public void An_unknown_object_keeps_its_name_and_members_and_goes_on_as_it_came()
    {
        const string Json = """{"_v": {"x": 1, "y": {"_v": [2], "_t": "tuple"}, "_v": 3, "_t": "t"}, "_t": "Point"}""";
        GawObject point = Wire.To<object>(Json).Should().BeOfType<GawObject>().Which;
        point.TypeName.Should().Be("Point");
        point["x"].Should().Be(1);
        ((object)((dynamic)point).y).Should().BeEquivalentTo(new object[] { 2 });
        point.Members.Keys.Should().Equal("x", "y", "_v", "_t");
        point.ToString().Should().Be("Point(x, y, _v, _t)");
        Wire.Of(point).Should().Be(Json);
        Wire.To<GawObject>(Json)!.TypeName.Should().Be("Point");
        FluentActions.Invoking(() => point["z"]).Should().Throw<KeyNotFoundException>().WithMessage("Point has no member \"z\"; it has x, y, _v, _t.");
    }

    [Fact]
    public void An_object_can_be_sent_without_a_class_of_its_own()
    {
        Wire.Of(new GawObject("Point", [new("x", 1), new("y", 2.0)])).Should().Be("""{"_v": {"x": 1, "y": 2.0}, "_t": "Point"}""");
        FluentActions.Invoking(() => new GawObject("tuple", [])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new GawObject("", [])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_dictionary_whose_keys_would_be_taken_for_markers_is_refused_when_it_is_written()
    {
        Wire.Unsendable(new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["_v"] = 1 } })
            .Message.Should().Be("""["a"]["_v"]: A dictionary with the key "_v" cannot cross: the peer would take it for a marker. Give the key another name.""");
        Wire.Unsendable(new Dictionary<string, int> { ["_t"] = 1, ["_v"] = 2 });
        Wire.Unsendable<object>(new Hashtable { ["_t"] = 1 });
    }

    [Fact]
    public void Untyped_and_dynamic_containers_go_out_as_their_nearest_kind()
    {
        Wire.Of<object>(new ArrayList { 1, "a" }).Should().Be("""[1, "a"]""");
        Wire.Of<object>(new Hashtable { [1] = "a" }).Should().Be("""{"1": "a"}""");
        IDictionary<string, object?> expando = new ExpandoObject();
        expando["b"] = 1;
        Wire.Of<object>(expando).Should().Be("""{"b": 1}""");
        Wire.Of<object>(Enumerable.Range(1, 3).Select(each => each * 2)).Should().Be("[2, 4, 6]");
        Wire.Of<object>((1, "a")).Should().Be("""{"_v": [1, "a"], "_t": "tuple"}""");
        Wire.Of<object>(new object[] { 1 }).Should().Be("""{"_v": [1], "_t": "tuple"}""");
        Wire.Of<object>(new[] { "a" }).Should().Be("""["a"]""");
        Wire.To<IEnumerable>("[1]").Should().BeEquivalentTo(new[] { 1 });
        Wire.To<IDictionary>("""{"a": 1}""")!["a"].Should().Be(1);
    }
}
