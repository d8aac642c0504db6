using System.Globalization;
using System.Text;
using System.Text.Json;
using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice.Replies;
using Gaw.Serialization;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb;

public sealed class ResponseTests
{
    public static IEnumerable<TheoryDataRow<string>> Recorded() => WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: false, Json: not null }
        && vector.Json.Contains("ResponseDataType", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_response_is_taken_apart(string name)
    {
        byte[] document = Document(WireVectors.Get(name).Json!);
        string text = Encoding.UTF8.GetString(document);
        ResponseReader.TryReadAnyForm(document, out Response response).Should().BeTrue();

        text.Should().StartWith($"{{\"_v\": {{\"resp_to\": {Encoding.UTF8.GetString(response.Id)}, \"success\": {(response.Succeeded ? "true" : "false")}, \"payload\": ");
        text.Should().EndWith($"\"payload\": {Encoding.UTF8.GetString(response.Payload)}}}, \"_t\": \"ResponseDataType\"}}");
        Encoding.UTF8.GetString(ResponseReader.GetId(document)).Should().Be(Encoding.UTF8.GetString(response.Id));
        ResponseReader.TryReadUsualHead(document, response.Id.Length, out ReadOnlySpan<byte> fromPayload).Should().Be(response.Succeeded);
        if (response.Succeeded)
        {
            fromPayload.StartsWith(response.Payload).Should().BeTrue();
            ResponseReader.IsUsualTail(fromPayload[response.Payload.Length..]).Should().BeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_response_is_written_byte_for_byte_as_the_original_writes_it(string name)
    {
        byte[] document = Document(WireVectors.Get(name).Json!);
        ResponseReader.TryReadAnyForm(document, out Response response);
        using JsonWriter writer = new();
        if (response.Succeeded)
        {
            ResponseWriter.BeginResult(writer, response.Id);
            writer.Append(response.Payload);
            ResponseWriter.End(writer);
        }
        else
        {
            using JsonDocument error = System.Text.Json.JsonDocument.Parse(response.Payload.ToArray());
            ResponseWriter.WriteError(writer, response.Id, new ErrorInfo(
                error.RootElement.GetProperty("name").GetString()!,
                error.RootElement.GetProperty("message").GetString()!,
                error.RootElement.GetProperty("trace").GetString()));
        }

        Encoding.UTF8.GetString(writer.Written).Should().Be(Encoding.UTF8.GetString(document));
    }

    [Theory]
    [InlineData("""{"_t": "ResponseDataType", "_v": {"payload": 3, "success": true, "resp_to": 7}}""", true)]
    [InlineData("""{"_v":{"resp_to":7,"success":true,"payload":3},"_t":"ResponseDataType"}""", true)]
    [InlineData("""{"_v": {"resp_to": 7, "success": 1, "payload": 3}, "_t": "ResponseDataType", "more": 1}""", true)]
    [InlineData("""{"_v": {"resp_to": 7, "success": 0, "payload": 3}, "_t": "ResponseDataType"}""", false)]
    [InlineData("""{"_v": {"resp_to": 7, "success": null, "payload": 3}, "_t": "ResponseDataType"}""", false)]
    [InlineData("""{"_v": {"resp_to": 7, "success": "", "payload": 3}, "_t": "ResponseDataType"}""", false)]
    [InlineData("""{"_v": {"resp_to": 7, "success": "no", "payload": 3}, "_t": "ResponseDataType"}""", true)]
    public void Other_forms_of_a_response_are_read_and_success_is_tested_for_truth(string json, bool succeeded)
    {
        byte[] document = Encoding.UTF8.GetBytes(json);
        ResponseReader.TryReadAnyForm(document, out Response response).Should().BeTrue();

        response.Succeeded.Should().Be(succeeded);
        Encoding.UTF8.GetString(response.Id).Should().Be("7");
        Encoding.UTF8.GetString(response.Payload).Should().Be("3");
        Encoding.UTF8.GetString(ResponseReader.GetId(document)).Should().Be("7");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"_v": {"resp_to": 7, "success": true, "payload": 3}}""")]
    [InlineData("""{"_v": {"resp_to": 7, "success": true, "payload": 3}, "_t": "RequestDataType"}""")]
    [InlineData("""{"_v": {"resp_to": 7, "success": true, "payload": 3}, "_t": 5}""")]
    [InlineData("""{"_v": [], "_t": "ResponseDataType"}""")]
    [InlineData("""{"_v": {"success": true, "payload": 3}, "_t": "ResponseDataType"}""")]
    [InlineData("""{"_v": {"resp_to": 7, "payload": 3}, "_t": "ResponseDataType"}""")]
    [InlineData("""{"_v": {"resp_to": 7, "success": true}, "_t": "ResponseDataType"}""")]
    public void What_is_no_response_is_none(string json)
    {
        ResponseReader.TryReadAnyForm(Encoding.UTF8.GetBytes(json), out _).Should().BeFalse();
    }

    [Fact]
    public void The_id_of_an_answer_that_has_begun_is_known_once_it_is_whole()
    {
        byte[] document = Encoding.UTF8.GetBytes("""{"_v": {"resp_to": 123, "success": true, "payload": 3}, "_t": "ResponseDataType"}""");
        int end = Encoding.UTF8.GetString(document).IndexOf("123", StringComparison.Ordinal) + 3;
        for (int length = 0; length <= document.Length; length++)
        {
            Encoding.UTF8.GetString(ResponseReader.GetId(document.AsSpan(0, length))).Should().Be(length > end ? "123" : "", "{0} bytes have come", length);
        }
    }

    [Fact]
    public void A_request_is_written_byte_for_byte_in_the_originals_form_with_the_metadata_at_its_end()
    {
        Written("math_service/plus", [10, 20], null).Should().Be(
            """{"_v": {"id": 271000000042, "path": "math_service/plus", "payload": {"args": {"_v": [10, 20], "_t": "tuple"}, "kwargs": {}, "meta": {}}}, "_t": "RequestDataType"}""");
        Written("ฟนำ/ป", ["ฟ\"\n"], new() { ["ฟ"] = 3.0, ["b"] = null }).Should().Be(
            """{"_v": {"id": 271000000042, "path": "\u0e1f\u0e19\u0e33/\u0e1b", "payload": {"args": {"_v": ["\u0e1f\"\n"], "_t": "tuple"}, "kwargs": {"\u0e1f": 3.0, "b": null}, "meta": {}}}, "_t": "RequestDataType"}""");
        Written("v/nothing", null, null).Should().Be(
            """{"_v": {"id": 271000000042, "path": "v/nothing", "payload": {"args": {"_v": [], "_t": "tuple"}, "kwargs": {}, "meta": {}}}, "_t": "RequestDataType"}""");
    }

    [Fact]
    public void A_request_that_was_written_is_read_in_its_usual_form()
    {
        byte[] request = Encoding.UTF8.GetBytes(Written("a/b", [1, "x"], new() { ["k"] = true }));
        RequestReader.Read(request, JsonLimits.Default, out Request parts).Should().BeNull();

        parts.GetPath().Should().Be("a/b");
        parts.UnescapedPath.Should().BeNull();
        Encoding.UTF8.GetString(parts.Id).Should().Be("271000000042");
        Encoding.UTF8.GetString(parts.Args).Should().Be("[1, \"x\"]");
        Encoding.UTF8.GetString(parts.Kwargs).Should().Be("{\"k\": true}");
        Encoding.UTF8.GetString(parts.Meta).Should().Be("{}");
    }

    [Fact]
    public void A_failure_frame_says_all_twice()
    {
        using JsonWriter writer = new();
        ErrorFrame.Write(writer, new ErrorInfo("ValueError", "no \"good\""));

        Encoding.UTF8.GetString(writer.Written).Should().Be(
            """{"succ": false, "data": {"name": "ValueError", "message": "no \"good\"", "trace": null}, "name": "ValueError", "message": "no \"good\"", "trace": null}""");
    }

    private static string Written(string path, IReadOnlyList<object?>? args, Dictionary<string, object?>? kwargs)
    {
        using JsonWriter writer = new();
        RequestWriter.Write(writer, Encoding.ASCII.GetBytes(271.ToString(CultureInfo.InvariantCulture)), 42, new CallTarget(path), new BoxedArguments(new ValueSerializer().Get<object>(), args, kwargs), Timeout.InfiniteTimeSpan, metadata: null);
        return Encoding.UTF8.GetString(writer.Written);
    }

    /// <summary>What the post office wraps: <c>{"succ": true, "data": DOCUMENT}</c>.</summary>
    private static byte[] Document(string answer)
    {
        const string head = "{\"succ\": true, \"data\": ";
        answer.Should().StartWith(head).And.EndWith("}");
        return Encoding.UTF8.GetBytes(answer[head.Length..^1]);
    }
}
