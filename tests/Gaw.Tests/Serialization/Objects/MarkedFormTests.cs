using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Tests.Serialization.Objects;

/// <summary>The marks of a registered type are recognised as runs of bytes in their usual form; whatever form they come in, the object or the error is the same.</summary>
public sealed class MarkedFormTests
{
    private static readonly Crate Expected = new(7, "nails");

    [Theory]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate"}""", "as both languages write it")]
    [InlineData("""{"_t": "Crate", "_v": {"id": 7, "name": "nails"}}""", "the tag in front")]
    [InlineData("""{"_v":{"id":7,"name":"nails"},"_t":"Crate"}""", "without blanks")]
    [InlineData("""{"_v": {"id":7,"name":"nails"},"_t":"Crate"}""", "usual at the beginning only")]
    [InlineData("""{"_v": {"name": "nails", "id": 7}, "_t": "Crate"}""", "members in another order")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "\u0043rate"}""", "an escape in the tag")]
    [InlineData("""{"\u005fv": {"id": 7, "name": "nails"}, "_t": "Crate"}""", "an escape in the name of the content")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate", "later": [1, {"_v": 2}]}""", "a further member behind the tag")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "later": 1, "_t": "Crate"}""", "a further member before the tag")]
    [InlineData("""{"_v": {"id": 1, "name": "x"}, "_v": {"id": 7, "name": "nails"}, "_t": "Crate"}""", "the last of two contents")]
    [InlineData("""{"_v": null, "_v": {"id": 7, "name": "nails"}, "_t": "Crate"}""", "the last of two contents, the first null")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate" }""", "a blank before the brace")]
    public void Every_form_of_the_marks_gives_the_same_object(string json, string why)
    {
        GawSerializer.Deserialize<Crate>(json).Should().Be(Expected, why);
        GawSerializer.Deserialize<Crate[]>($"[{json}, {json}]").Should().Equal([Expected, Expected], why);
        GawSerializer.Deserialize<Dictionary<string, Crate>>($$"""{"a": {{json}}, "b": {{json}}}""").Should().ContainValues([Expected, Expected], why);
    }

    [Theory]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}}""", "*\"_t\"*")]
    [InlineData("""{"_v": null, "_t": "Crate"}""", "*\"_v\"*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": null}""", "*\"_t\"*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": 1}""", "*Crate*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Barrel"}""", "*Crate*Barrel*")]
    [InlineData("""{"_v": {"wood": true}, "_t": "Barrel"}""", "*Crate*Barrel*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crates"}""", "*Crate*Crates*")]
    [InlineData("""{"_v": [7, "nails"], "_t": "Crate"}""", "*Crate*")]
    [InlineData("""{"_v": {"id": 7}, "_t": "Crate"}""", "*lacks its member \"name\"*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate", }""", "*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate" """, "*")]
    [InlineData("""{"_v": {"id": 7, "name": "nails"} "_t": "Crate"}""", "*comma*")]
    public void Marks_that_do_not_fit_are_refused_with_the_reason(string json, string message) =>
        FluentActions.Invoking(() => GawSerializer.Deserialize<Crate>(json)).Should().Throw<GawSerializationException>().WithMessage(message);

    [Theory]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate"}""")]
    [InlineData("""{"_v":{"id":7,"name":"nails"},"_t":"Crate"}""")]
    public void A_tag_counts_as_a_value_in_every_form(string json)
    {
        Read(json, values: 5).Should().Be(Expected);
        FluentActions.Invoking(() => Read(json, values: 4)).Should().Throw<JsonFormatException>();
    }

    [Theory]
    [InlineData("""{"_v": {"id": 7, "name": "nails"}, "_t": "Crate"}""")]
    [InlineData("""{"_v":{"id":7,"name":"nails"},"_t":"Crate"}""")]
    public void The_marks_are_a_level_of_depth_in_every_form(string json)
    {
        Read(json, depth: 2).Should().Be(Expected);
        FluentActions.Invoking(() => Read(json, depth: 1)).Should().Throw<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooDeep);
    }

    [Fact]
    public void What_is_written_is_in_the_usual_form() =>
        GawSerializer.Serialize(new[] { Expected, Expected }).Should().Be("""[{"_v": {"id": 7, "name": "nails"}, "_t": "Crate"}, {"_v": {"id": 7, "name": "nails"}, "_t": "Crate"}]""");

    private static Crate? Read(string json, int values = 1000, int depth = 128)
    {
        JsonReader reader = new(System.Text.Encoding.UTF8.GetBytes(json), JsonLimits.Default with { MaxValues = values, MaxDepth = depth });
        Crate? crate = new ValueSerializer().Get<Crate>().Read(ref reader);
        reader.ReadEnd();
        return crate;
    }

    [GawSerializable]
    internal sealed record Crate(int Id, string Name);
}
