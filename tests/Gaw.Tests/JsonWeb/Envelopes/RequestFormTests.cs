using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;

namespace Gaw.Tests.JsonWeb.Envelopes;

/// <summary>The usual form of a request, piece by piece. What is not taken is left to the reader of all forms, so nothing else may pass.</summary>
public sealed class RequestFormTests
{
    [Theory]
    [InlineData("""{"_v": {"id": 7, rest""", "7", " rest", "the usual form")]
    [InlineData("""{"_v": {"id": 0, rest""", "0", " rest", "zero is a number")]
    [InlineData("""{"_v": {"id": 340282366920938463463374607431768211455, rest""", "340282366920938463463374607431768211455", " rest", "the largest UUID has 39 digits")]
    [InlineData("""{"_v": {"id": 07, rest""", null, null, "no number in JSON begins with a zero")]
    [InlineData("""{"_v": {"id": -7, rest""", null, null, "no id of ours is negative")]
    [InlineData("""{"_v": {"id": 7.0, rest""", null, null, "nor a float")]
    [InlineData("""{"_v": {"id": "7", rest""", null, null, "nor a text")]
    [InlineData("""{"_v": {"id": , rest""", null, null, "there is none")]
    [InlineData("""{"_v": {"id": 7""", null, null, "nothing says that the number ends here")]
    [InlineData("""{"_v": {"id": 7 , rest""", null, null, "no writer puts a blank there")]
    [InlineData("""{"_v":{"id": 7, rest""", null, null, "nor leaves this one out")]
    [InlineData("", null, null, "there is nothing")]
    public void The_id_is_taken_with_its_comma(string text, string? id, string? left, string why)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);

        bool isTaken = RequestForm.TryTakeId(ref rest, out ReadOnlySpan<byte> found);

        isTaken.Should().Be(id is not null, why);
        Encoding.UTF8.GetString(found).Should().Be(id ?? "", why);
        if (isTaken)
        {
            Encoding.UTF8.GetString(rest).Should().Be(left, why);
        }
    }

    [Theory]
    [InlineData("a/b", true, "the usual path")]
    [InlineData("", true, "an empty one is the routes' business")]
    [InlineData("grüße/ñ", true, "bytes are bytes")]
    [InlineData("a\\/b", false, "an escape has to be read")]
    [InlineData("a\tb", false, "JSON refuses a control character: the other reader says so")]
    [InlineData("a\u007fb", true, "this one is none to JSON")]
    public void A_path_without_escapes_is_taken(string path, bool isTaken, string why)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes("{\"_v\": {\"id\": 7, \"path\": \"" + path + "\", \"payload\": {\"args\": {\"_v\": [1]");
        Request request = default;

        RequestForm.TryTakeHead(ref rest, ref request).Should().Be(isTaken, why);
        if (isTaken)
        {
            Encoding.UTF8.GetString(request.Path).Should().Be(path, why);
            Encoding.UTF8.GetString(rest).Should().Be("[1]", why);
        }
    }

    [Theory]
    [InlineData("""{"_v": {"id": 7, "path": "a/b", "payload": {"args": [1]""", "a list of arguments is not what Python writes")]
    [InlineData("""{"_v": {"id": 7, "path": "a/b", "payload": {"kwargs": {""", "the order is another one")]
    [InlineData("""{"_v": {"id": 7, "path": "a/b""", "the path does not end")]
    [InlineData("""{"_v": {"path": "a/b", "id": 7""", "the id does not stand first")]
    public void A_head_of_another_form_is_not_taken(string text, string why)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        Request request = default;

        RequestForm.TryTakeHead(ref rest, ref request).Should().BeFalse(why);
    }

    [Theory]
    [InlineData("[1, {}], 2", "Array", "[1, {}]", ", 2", "a list ends at its bracket")]
    [InlineData("{\"a\": \"}\"} x", "Object", "{\"a\": \"}\"}", " x", "a brace in a text is none")]
    [InlineData("{} x", "Array", null, "{} x", "it is of another kind")]
    [InlineData("", "Object", null, "", "there is nothing")]
    public void A_value_of_the_kind_that_is_due_is_passed_over(string text, string kind, string? value, string left, string why)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);

        RequestForm.TrySkip(ref rest, JsonLimits.Default, Enum.Parse<JsonKind>(kind), out ReadOnlySpan<byte> found).Should().Be(value is not null, why);

        Encoding.UTF8.GetString(found).Should().Be(value ?? "", why);
        Encoding.UTF8.GetString(rest).Should().Be(left, why);
    }
}
