using Gaw.Json;
using Gaw.Serialization.Marking;

namespace Gaw.Tests.Serialization;

/// <summary>The marks that are written are those that are recognised.</summary>
public sealed class MarkRunsTests
{
    [Fact]
    public void What_is_written_around_an_object_is_recognised_on_both_sides_of_it()
    {
        MarkRuns marks = new("Crate");
        using JsonWriter writer = new();
        MarkRuns.Begin(writer);
        writer.BeginObject();
        writer.EndObject();
        marks.End(writer);
        JsonReader reader = new(writer.Written, JsonLimits.Default);

        MarkRuns.TryBegin(ref reader).Should().BeTrue();
        reader.Skip().ToArray().Should().Equal("{}"u8.ToArray());
        marks.TryEnd(ref reader).Should().BeTrue();
        reader.ReadEnd();
    }

    [Theory]
    [InlineData("""{"_v": [], "_t": "Crate"}""")]
    [InlineData("""{"_v":{}, "_t": "Crate"}""")]
    [InlineData("""{"_v":""")]
    [InlineData("")]
    public void Another_form_is_left_as_it_is(string json)
    {
        JsonReader reader = new(System.Text.Encoding.UTF8.GetBytes(json), JsonLimits.Default);

        MarkRuns.TryBegin(ref reader).Should().BeFalse();
        reader.Position.Should().Be(0);
    }
}
