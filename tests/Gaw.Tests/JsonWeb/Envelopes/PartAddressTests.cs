using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;

namespace Gaw.Tests.JsonWeb.Envelopes;

/// <summary>What a part of a reply belongs to, by the value of <c>for</c> in its <c>meta</c>. A part for something unknown must not be taken for one of the result.</summary>
public sealed class PartAddressTests
{
    [Theory]
    [InlineData("\"progress\"", true, false, -1, "a report of the method")]
    [InlineData("\"something\"", false, true, -1, "a later version may have further kinds")]
    [InlineData("0", false, true, 0, "the first argument that is a stream")]
    [InlineData("7", false, true, 7, "the last one that a call may have")]
    [InlineData("-5", false, true, -1, "there is no such argument")]
    [InlineData("99999999999", false, true, int.MaxValue, "there is none with such a number, either")]
    [InlineData("1.5", false, true, -1, "a float numbers nothing")]
    [InlineData("99999999999999999999", false, true, -1, "a number that no argument has")]
    [InlineData("null", false, true, -1, "it is said to be for something")]
    [InlineData("{\"a\": [1]}", false, true, -1, "a form of a later version")]
    public void A_part_belongs_to_what_it_names(string value, bool isReport, bool isForOther, int argument, string why)
    {
        JsonReader reader = new(Encoding.UTF8.GetBytes(value), JsonLimits.Default);
        PartAddress part = new();

        part.Read(ref reader);

        (part.IsReport, part.IsForOther, part.Argument).Should().Be((isReport, isForOther, argument), why);
        reader.ReadEnd();
    }

    [Fact]
    public void A_part_that_names_nothing_belongs_to_the_result()
    {
        PartAddress part = new();

        (part.IsReport, part.IsForOther, part.Limit).Should().Be((false, false, null));
    }
}
