namespace Gaw.Tests.Serialization.Objects;

/// <summary>Names in their usual order and form are recognised as runs of bytes; whatever form they come in, the object is the same.</summary>
public sealed class UsualFormTests
{
    private static readonly Reading Expected = new(7, "n", 1.5, [new Point(1, 2)]);

    [Theory]
    [InlineData("""{"id": 7, "näme": "n", "value": 1.5, "points": [{"x": 1, "y": 2}]}""", "names that need no escape, as they are")]
    [InlineData("""{"id": 7, "n\u00e4me": "n", "value": 1.5, "points": [{"x": 1, "y": 2}]}""", "as Python writes it")]
    [InlineData("""{"id":7,"n\u00e4me":"n","value":1.5,"points":[{"x":1,"y":2}]}""", "without blanks")]
    [InlineData("""{ "id": 7 , "n\u00e4me" : "n", "value":  1.5,"points": [ {"x": 1 ,"y": 2 } ] }""", "blanks elsewhere")]
    [InlineData("""{"points": [{"y": 2, "x": 1}], "value": 1.5, "n\u00e4me": "n", "id": 7}""", "another order")]
    [InlineData("""{"id": 1, "id": 7, "n\u00e4me": "x", "n\u00e4me": "n", "value": 1.5, "points": [{"x": 9, "x": 1, "y": 2}]}""", "the last of doubled names")]
    [InlineData("""{"\u0069d": 7, "n\u00E4me": "n", "v\u0061lue": 1.5, "points": [{"x": 1, "\u0079": 2}]}""", "other escapes")]
    [InlineData("""{"_v": {"id": 7, "n\u00e4me": "n", "value": 1.5, "points": [{"_v": {"x": 1, "y": 2}, "_t": "Point"}]}, "_t": "Reading"}""", "with marks")]
    [InlineData("""{"_t": "Reading", "_v": {"id": 7, "n\u00e4me": "n", "value": 1.5, "points": [{"_t": "Point", "_v": {"x": 1, "y": 2}}]}}""", "with marks, the tag in front")]
    public void Every_form_of_an_object_is_the_same_object(string json, string why)
    {
        GawSerializer.Deserialize<Reading>(json).Should().BeEquivalentTo(Expected, why);
        GawSerializer.Deserialize<Reading[]>($"[{json}, {json}]").Should().BeEquivalentTo([Expected, Expected], why);
    }

    [Theory]
    [InlineData("""{"id": 7, "näme": "n", , "value": 1.5}""")]
    [InlineData("""{, "id": 7}""")]
    [InlineData("""{"id": 7 "value": 1.5}""")]
    [InlineData("""{"id": 7, "value": 1.5,}""")]
    [InlineData("""{"id": 7, "value" 1.5}""")]
    [InlineData("""{"id": 7, "value": }""")]
    [InlineData("""{"id": 7, "value": 1.}""")]
    [InlineData("""{"id": 7, "value": 01.5}""")]
    [InlineData("""{"id": 7, "value": 1.5x}""")]
    [InlineData("""{"id": 7, "value": 1.5e}""")]
    [InlineData("""{"id": 7, "value": -}""")]
    [InlineData("""{"id": 7, "value": .5}""")]
    public void What_is_no_JSON_is_refused_in_any_form(string json) =>
        FluentActions.Invoking(() => GawSerializer.Deserialize<Reading>(json)).Should().Throw<GawSerializationException>().WithInnerException<Gaw.Json.JsonFormatException>();

    [Fact]
    public void What_is_written_is_in_the_usual_form() =>
        GawSerializer.Serialize(Expected).Should().Be("""{"id": 7, "n\u00e4me": "n", "value": 1.5, "points": [{"x": 1, "y": 2}]}""");

    private sealed record Point(int X, int Y);

    private sealed record Reading(int Id, string Näme, double Value, Point[] Points);
}
