using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;

namespace Gaw.Tests.JsonWeb.Envelopes;

/// <summary>What a request says beside its arguments: read leniently, since later versions may say more.</summary>
public sealed class RequestMetaTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("""{"timeout_ms": 1500}""", 1500)]
    [InlineData("""{"timeout_ms": 0}""", 1)]
    [InlineData("""{"timeout_ms": -5}""", 1)]
    [InlineData("""{"timeout_ms": 9223372036854775807}""", int.MaxValue - 1)]
    [InlineData("""{"timeout_ms": 18446744073709551616}""", null)]
    [InlineData("""{"timeout_ms": "1500"}""", null)]
    [InlineData("""{"timeout_ms": null}""", null)]
    [InlineData("""{"timeout_ms": [1]}""", null)]
    [InlineData("""{"timeout_ms": 1, "timeout_ms": 2}""", 2)]
    [InlineData("""{"later": {"timeout_ms": 7}}""", null)]
    public void The_time_of_the_caller_is_a_positive_number_of_milliseconds(string meta, int? milliseconds) =>
        Read(meta).Timeout.Should().Be(milliseconds is { } given ? TimeSpan.FromMilliseconds(given) : null);

    [Theory]
    [InlineData("""{"headers": {"a": "1", "b": ""}}""", "a=1 b=")]
    [InlineData("""{"headers": {"a": "1", "a": "2"}}""", "a=2")]
    [InlineData("""{"headers": {"a": 1, "b": null, "c": {"d": "e"}, "f": "g"}}""", "f=g")]
    [InlineData("""{"headers": {"\u00e4": "\n"}}""", "ä=\n")]
    [InlineData("""{"headers": []}""", "")]
    [InlineData("""{"headers": "a"}""", "")]
    [InlineData("{}", "")]
    public void Metadata_is_an_object_of_texts_and_everything_else_in_it_is_left_out(string meta, string read) =>
        string.Join(' ', Read(meta).Headers.Select(static header => $"{header.Key}={header.Value}")).Should().Be(read);

    [Theory]
    [InlineData("""{"keep": {"server": 5, "sent_ms": 17}}""", true, null)]
    [InlineData("""{"keep": {"server": 5}}""", false, null)]
    [InlineData("""{"keep": 5, "repeat": "a/b"}""", false, "a/b")]
    [InlineData("""{"keep": {"server": 5, "sent_ms": 17}, "repeat": "a/b"}""", true, "a/b")]
    [InlineData("""{"repeat": 5}""", false, null)]
    public void A_reply_is_asked_for_with_its_key_and_its_path(string meta, bool hasKey, string? repeat)
    {
        RequestMeta read = Read(meta);
        read.Keep.Should().Be(hasKey ? new ReplyCacheKey(5, 17) : null);
        read.Repeat.Should().Be(repeat);
    }

    [Fact]
    public void Metadata_that_was_written_is_read_again()
    {
        Dictionary<string, string> headers = new() { ["traceparent"] = "00-1-2", ["ä \""] = "" };
        using JsonWriter writer = new();
        writer.BeginObject();
        MetaHeaders.Write(writer, headers);
        writer.EndObject();
        RequestMeta.Read(writer.Written, JsonLimits.Default).Headers.Should().BeEquivalentTo(headers);
    }

    [Theory]
    [InlineData("", "text", "empty name")]
    [InlineData("name", null, "\"name\" is null")]
    public void Metadata_that_would_be_read_as_another_is_refused(string name, string? value, string problem)
    {
        using JsonWriter writer = new();
        writer.BeginObject();
        Action writing = () => MetaHeaders.Write(writer, new Dictionary<string, string> { [name] = value! });
        writing.Should().Throw<GawSerializationException>().WithMessage($"*{problem}*");
    }

    private static RequestMeta Read(string meta) => RequestMeta.Read(Encoding.UTF8.GetBytes(meta), JsonLimits.Default);
}
