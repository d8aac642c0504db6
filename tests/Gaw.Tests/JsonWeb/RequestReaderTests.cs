using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.Shared;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb;

public sealed class RequestReaderTests
{
    private const string Whole = """{"_v": {"id": 7, "path": "a/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple"}, "kwargs": {"k": 2}}}, "_t": "RequestDataType"}""";

    public static IEnumerable<TheoryDataRow<string>> Recorded() =>
        WireVectors.Rows(vector => vector is { Mode: "plain", IsRequest: true, Json: not null } && vector.Json.Contains("\"_t\": \"RequestDataType\"", StringComparison.Ordinal)
            && !vector.Name.Contains("closes_", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_request_is_taken_apart(string name)
    {
        string json = WireVectors.Get(name).Json!;
        Read(json, out RequestParts parts).Should().BeNull();

        string id = json[(json.IndexOf("\"id\": ", StringComparison.Ordinal) + 6)..];
        if (!name.Contains("key_order", StringComparison.Ordinal))
        {
            parts.Id.Should().Be(id[..id.IndexOf(", ", StringComparison.Ordinal)]);
        }

        parts.Args.Should().StartWith("[").And.EndWith("]");
        json.Should().Contain(parts.Args).And.Contain(parts.Kwargs);
        parts.Path.Should().Be(System.Text.Json.JsonDocument.Parse("[" + Between(json, "\"path\": ", "\"", 1) + "]").RootElement[0].GetString());
        parts.Meta.Should().BeEmpty("the original sends none");
    }

    [Theory]
    [InlineData("""{"_v":{"id":7,"path":"a/b","payload":{"args":{"_v":[1,"x"],"_t":"tuple"},"kwargs":{"k":2}}},"_t":"RequestDataType"}""", "no blanks")]
    [InlineData("""{ "_v" : { "id" : 7 , "path" : "a/b" , "payload" : { "args" : { "_v" : [1, "x"] , "_t" : "tuple" } , "kwargs" : {"k": 2} } } , "_t" : "RequestDataType" }""", "many blanks")]
    [InlineData("""{"_t": "RequestDataType", "_v": {"payload": {"kwargs": {"k": 2}, "args": {"_t": "tuple", "_v": [1, "x"]}}, "path": "a/b", "id": 7}}""", "another order")]
    [InlineData("""{"_v": {"id": 7, "path": "\u0061/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple"}, "kwargs": {"k": 2}}}, "_t": "RequestDataType"}""", "an escape in the path")]
    [InlineData("""{"_v": {"id": 7, "path": "a\/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple"}, "kwargs": {"k": 2}}}, "_t": "RequestDataType"}""", "an escaped slash")]
    [InlineData("""{"_v": {"\u0069d": 7, "path": "a/b", "payload": {"\u0061rgs": {"\u005fv": [1, "x"], "_t": "t\u0075ple"}, "kwargs": {"k": 2}}}, "_t": "\u0052equestDataType"}""", "escapes in names")]
    [InlineData("""{"_v": {"id": 7, "path": "a/b", "payload": {"args": [1, "x"], "kwargs": {"k": 2}}}, "_t": "RequestDataType"}""", "args as a list")]
    [InlineData("""{"_v": {"id": 7, "path": "a/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple"}, "kwargs": {"k": 2}}}, "_t": "RequestDataType", "more": [1]}""", "a key beside _v")]
    [InlineData("""{"more": {}, "_v": {"id": 7, "path": "a/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple"}, "kwargs": {"k": 2}}}, "_t": "RequestDataType"}""", "a key in front of _v")]
    [InlineData("""{"_v": {"id": 7, "path": "a/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple"}, "kwargs": {"k": 2}, "more": 5}}, "_t": "RequestDataType"}""", "a key beside args")]
    [InlineData("""{"_v": {"id": 7, "path": "a/b", "payload": {"args": {"_v": [1, "x"], "_t": "tuple", "more": 1}, "kwargs": {"k": 2}}}, "_t": "RequestDataType"}""", "a key in the tuple")]
    [InlineData("""{"_v": 1, "_v": {"id": 5, "id": 7, "path": "z", "path": "a/b", "payload": {"args": 1, "args": [1, "x"], "kwargs": {"k": 2}}}, "_t": "x", "_t": "RequestDataType"}""", "the last of doubled keys")]
    public void Other_forms_of_a_request_are_the_same_request(string json, string why)
    {
        Read(Whole, out RequestParts expected).Should().BeNull();
        Read(json, out RequestParts parts).Should().BeNull(why);

        (parts with { Args = parts.Args.Replace(" ", "", StringComparison.Ordinal), Kwargs = parts.Kwargs.Replace(" ", "", StringComparison.Ordinal) })
            .Should().Be(expected with { Args = "[1,\"x\"]", Kwargs = "{\"k\":2}" }, why);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("340282366920938463463374607431768211455")]
    [InlineData("271064613837563837293476492048583019217")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("1.50")]
    [InlineData("-7")]
    [InlineData("[1, {\"a\": null}]")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    public void An_id_may_be_any_value_and_is_kept_as_it_is(string id)
    {
        Read(Whole.Replace("\"id\": 7", $"\"id\": {id}", StringComparison.Ordinal), out RequestParts parts).Should().BeNull();
        parts.Id.Should().Be(id);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"traceparent\": \"x\"}")]
    public void Metadata_is_found_in_the_usual_and_in_any_form(string meta)
    {
        Read(Whole.Replace("{\"k\": 2}", $"{{\"k\": 2}}, \"meta\": {meta}", StringComparison.Ordinal), out RequestParts usual).Should().BeNull();
        Read(Whole.Replace("\"args\"", $"\"meta\":{meta}, \"args\"", StringComparison.Ordinal), out RequestParts other).Should().BeNull();

        usual.Meta.Should().Be(meta);
        other.Should().Be(usual);
    }

    [Theory]
    [InlineData("\"id\": 7, ", "")]
    [InlineData("\"path\": \"a/b\", ", "")]
    [InlineData("\"id\": 7", "\"id\": 7, \"more\": 1")]
    [InlineData("RequestDataType", "ResponseDataType")]
    [InlineData("RequestDataType", "requestDataType")]
    [InlineData("\"RequestDataType\"", "null")]
    [InlineData("\"RequestDataType\"", "[\"RequestDataType\"]")]
    [InlineData(", \"_t\": \"RequestDataType\"", "")]
    [InlineData("\"a/b\"", "[]")]
    [InlineData("\"a/b\"", "{}")]
    [InlineData("{\"_v\": [1, \"x\"], \"_t\": \"tuple\"}", "null")]
    [InlineData("{\"_v\": [1, \"x\"], \"_t\": \"tuple\"}", "\"abc\"")]
    [InlineData("{\"_v\": [1, \"x\"], \"_t\": \"tuple\"}", "{\"_v\": 5, \"_t\": \"tuple\"}")]
    [InlineData("{\"_v\": [1, \"x\"], \"_t\": \"tuple\"}", "{\"_v\": [1], \"_t\": \"uuid\"}")]
    [InlineData("{\"k\": 2}", "[]")]
    [InlineData("{\"k\": 2}", "null")]
    [InlineData("\"kwargs\": ", "\"other\": ")]
    public void What_is_not_exactly_a_request_is_none(string part, string instead)
    {
        string json = Whole.Replace(part, instead, StringComparison.Ordinal);
        json.Should().NotBe(Whole);
        Read(json, out RequestParts parts).Should().NotBeNull();
        parts.Id.Should().Be(json.Contains("\"id\"", StringComparison.Ordinal) ? "7" : "");
    }

    [Fact]
    public void A_request_that_is_cut_anywhere_is_not_read()
    {
        for (int length = 0; length < Whole.Length; length++)
        {
            Action reading = () => Read(Whole[..length], out _);
            reading.Should().Throw<JsonFormatException>("it ends after {0} bytes", length);
        }
    }

    [Fact]
    public void A_request_with_any_byte_replaced_is_refused_or_another_request_but_nothing_worse()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        foreach (byte other in "\"\\{}[],: 0a\n"u8.ToArray())
        {
            for (int at = 0; at < whole.Length; at++)
            {
                byte[] changed = [.. whole];
                changed[at] = other;
                try
                {
                    RequestReader.Read(changed, JsonLimits.Default, out _);
                }
                catch (JsonFormatException)
                {
                    // Said properly.
                }
            }
        }
    }

    [Fact]
    public void The_id_of_a_request_that_cannot_be_read_is_found_at_its_usual_place()
    {
        Encoding.UTF8.GetString(RequestReader.FindId(Encoding.UTF8.GetBytes(Whole[..30]))).Should().Be("7");
        RequestReader.FindId("{\"_v\": {\"id\": 7"u8).Length.Should().Be(0, "it may go on");
        RequestReader.FindId("{}"u8).Length.Should().Be(0);
        RequestReader.FindId("{\"_v\": {\"id\": 07, "u8).Length.Should().Be(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_depth_of_a_request_is_limited_in_every_form(bool usual)
    {
        // Envelope, _v, payload, args, its list: five levels around the argument, which the usual form does not all count.
        int most = Enumerable.Range(1, 200).Last(depth => IsRead(depth));
        most.Should().BeInRange(128 - 5, 127);

        bool IsRead(int depth)
        {
            string json = Whole.Replace("1, ", new string('[', depth) + new string(']', depth) + ", ", StringComparison.Ordinal);
            try
            {
                return Read(usual ? json : json.Replace("{\"_v\": {\"id\"", "{ \"_v\": {\"id\"", StringComparison.Ordinal), out _) is null;
            }
            catch (JsonFormatException e) when (e.Fault == JsonFault.TooDeep)
            {
                return false;
            }
        }
    }

    private static ErrorInfo? Read(string json, out RequestParts parts)
    {
        ErrorInfo? fault = RequestReader.Read(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out Request request);
        parts = new RequestParts(
            Encoding.UTF8.GetString(request.Id),
            request.GetPath(),
            Encoding.UTF8.GetString(request.Args),
            Encoding.UTF8.GetString(request.Kwargs),
            Encoding.UTF8.GetString(request.Meta));
        return fault;
    }

    private static string Between(string json, string before, string end, int skip)
    {
        int start = json.IndexOf(before, StringComparison.Ordinal);
        if (start < 0)
        {
            return Between(json, before.TrimEnd(), end, skip);
        }

        start += before.Length;
        return json[start..(json.IndexOf(end, start + skip, StringComparison.Ordinal) + 1)];
    }

    private sealed record RequestParts(string Id, string Path, string Args, string Kwargs, string Meta);
}
