namespace Gaw.Tests.Serialization;

public sealed class GawSerializerTests
{
    [Fact]
    public void Text_and_bytes_are_the_same_document()
    {
        GawSerializer.Serialize((1, "é")).Should().Be("""{"_v": [1, "\u00e9"], "_t": "tuple"}""");
        GawSerializer.SerializeToUtf8Bytes((1, "é")).Should().Equal("""{"_v": [1, "\u00e9"], "_t": "tuple"}"""u8.ToArray());
        GawSerializer.Deserialize<(int, string)>("""[1, "é"]""").Should().Be((1, "é"));
        GawSerializer.Deserialize<(int, string)>("""[1, "é"]"""u8).Should().Be((1, "é"));
    }

    [Fact]
    public void What_is_no_JSON_is_refused_with_the_reason()
    {
        Wire.Refused<int>("1 x").Message.Should().Be("Byte 2 of the document: met a letter where the end of the document was expected.");
        FluentActions.Invoking(() => GawSerializer.Deserialize<string>([(byte)'"', 0xC0, 0x80, (byte)'"'])).Should().Throw<GawSerializationException>().WithMessage("*UTF-8*");
    }

    [Fact]
    public void ToJson_leaves_the_markers_out_everywhere()
    {
        GawSerializer.ToJson<object?>(null).Should().Be("null");
        GawSerializer.ToJson(ValueTuple.Create(new Point(1, 2))).Should().Be("""[{"x": 1, "y": 2.0}]""", "items of a tuple are unwrapped too");
        GawSerializer.ToJson<object>(Array.Empty<object>()).Should().Be("[]", "an empty tuple is an empty list");
        GawSerializer.ToJson(new HashSet<int>()).Should().Be("[]", "an empty set is an empty list");
        GawSerializer.ToJson(new Guid("06335e84-2872-4914-8c5d-3ed07d2a2f16")).Should().Be("\"06335e84-2872-4914-8c5d-3ed07d2a2f16\"");
        GawSerializer.ToJson(new DateTime(2016, 7, 29)).Should().Be("\"2016-07-29 00:00:00\"");
        GawSerializer.ToJson(new Dictionary<string, object?> { ["é"] = new Point(1, double.NaN), ["_v"] = null }).Should().Be("""{"\u00e9": {"x": 1, "y": NaN}, "_v": null}""");
        GawSerializer.ToJson(new GawObject("Odd", [new("_v", 1), new("_t", (1, 2))])).Should().Be("""{"_v": 1, "_t": [1, 2]}""");
    }

    [GawSerializable]
    public sealed record Point(int X, double Y);
}
