using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;

namespace Gaw.Tests.JsonWeb.ReplyCaching;

/// <summary>The key that a kept reply is asked for by, as it stands in <c>meta</c>.</summary>
public sealed class ReplyCacheKeyTests
{
    [Theory]
    [InlineData("""{"server": 5, "sent_ms": 17}""", 5L, 17L)]
    [InlineData("""{"sent_ms": 17, "server": 5, "later": [1, 2]}""", 5L, 17L)]
    [InlineData("""{"server": 5, "sent_ms": 17, "sent_ms": 18}""", 5L, 18L)]
    [InlineData("""{"server": -9223372036854775808, "sent_ms": 9223372036854775807}""", long.MinValue, long.MaxValue)]
    public void A_key_has_a_server_and_a_time(string json, long server, long sentMs) => Read(json).Should().Be(new ReplyCacheKey(server, sentMs));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"server": 5}""")]
    [InlineData("""{"sent_ms": 17}""")]
    [InlineData("""{"server": "5", "sent_ms": 17}""")]
    [InlineData("""{"server": 5.0, "sent_ms": 17}""")]
    [InlineData("""{"server": 5, "sent_ms": null}""")]
    [InlineData("""{"server": 5, "sent_ms": 18446744073709551616}""")]
    public void A_key_with_less_is_none(string json) => Read(json).Should().BeNull("a server must not take it for a request that it can find");

    [Fact]
    public void A_key_that_was_written_is_read_again()
    {
        ReplyCacheKey key = new(long.MaxValue, -1);
        using JsonWriter writer = new();
        writer.BeginObject();
        key.Write(writer);
        writer.EndObject();
        string written = Encoding.UTF8.GetString(writer.Written);
        written.Should().Be("""{"keep": {"server": 9223372036854775807, "sent_ms": -1}}""");
        Read(written["{\"keep\": ".Length..^1]).Should().Be(key);
    }

    private static ReplyCacheKey? Read(string json)
    {
        JsonReader reader = new(Encoding.UTF8.GetBytes(json), JsonLimits.Default);
        ReplyCacheKey? key = ReplyCacheKey.Read(ref reader);
        reader.ReadEnd();
        return key;
    }
}
