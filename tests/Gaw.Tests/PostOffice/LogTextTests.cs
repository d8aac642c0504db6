using Gaw.Logging;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.PostOffice;

/// <summary>What a peer wrote is fit to be logged: no order to a terminal, no second line, no megabyte.</summary>
public sealed class LogTextTests
{
    [Theory]
    [InlineData("math_service/plus", "math_service/plus")]
    [InlineData("", "")]
    [InlineData("สวัสดี 😀 ä", "สวัสดี 😀 ä")]
    [InlineData("a\u001b]0;owned\u0007", "a\\u001b]0;owned\\u0007")]
    [InlineData("a\r\nInformation: all is well", "a\\u000d\\u000aInformation: all is well")]
    [InlineData("\u009b2J\u007f\0\t", "\\u009b2J\\u007f\\u0000\\u0009")]
    [InlineData("a\u202eb\u2066c\u2028d\u2029e\u200f", "a\\u202eb\\u2066c\\u2028d\\u2029e\\u200f")]
    public void Controls_are_escaped(string text, string cleaned) => LogText.Clean(text, 100).Should().Be(cleaned);

    [Fact]
    public void Halves_of_characters_are_escaped() => LogText.Clean("\ud800a\udc00", 100).Should().Be("\\ud800a\\udc00");

    [Fact]
    public void A_long_text_is_cut_and_its_length_told() =>
        LogText.Clean(new string('x', 1_000_000), 100).Should().Be($"{new string('x', 100)}… (1000000 characters)");

    [Fact]
    public async Task What_a_caller_sends_is_logged_clean_and_cut_as_message_and_as_value()
    {
        LogCollector log = new();
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log });
        await server.StartAsync(TestContext.Current.CancellationToken);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.AskAsync(RawPeer.Request("1", "x\u001b]0;owned\u0007\u001b[2J\r\nfake log line"));
        await peer.AskAsync(RawPeer.Request("2", new string('y', 1_000_000)));
        await server.StopAsync(TestContext.Current.CancellationToken);

        LogCollector.Entry[] entries = [.. log.Entries.Where(static entry => entry.Id.Id == 202)];
        entries.Should().HaveCount(2);
        entries[0].Text.Should().Contain("called x\\u001b]0;owned\\u0007\\u001b[2J\\u000d\\u000afake log line, which does not exist").And.NotContain("\u001b").And.NotContain("\n");
        entries[1].Text.Should().Contain("which does not exist").And.Contain("(1000000 characters)");
        entries[1].Text.Length.Should().BeLessThan(4000);
        log.Entries.Should().Contain(static entry => entry.Level == LogLevel.Information && entry.Text.StartsWith("Listening on", StringComparison.Ordinal));
    }
}
