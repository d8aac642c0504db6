using System.Text.RegularExpressions;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>
/// A block of a page: <c>&gt;</c> is sent, <c>&lt;</c> is what has to come, <c>!</c> is what happens meanwhile. <c>S</c> and <c>T</c> stand for the name and the clock of a
/// server that keeps replies, or wants to be named; <c>I</c> for an id that carries its time, another one in each request.
/// </summary>
internal sealed partial class Conversation(string[] lines, string kind)
{
    private const int MostTries = 10;
    private string _server = "S";
    private string _time = "T";
    private string _id = "I";
    private bool _stops;

    /// <summary>How the server and its peer seal their frames.</summary>
    public Protection Protection => kind == "window" ? Protection.SignedFrames : Protection.PlainFrames;

    public GawServerOptions Options => Protection.Server with
    {
        KeepReplies = kind == "keeps" ? TimeSpan.FromMinutes(1) : null,
        ReplayWindow = kind == "window" ? TimeSpan.FromMinutes(1) : null,
    };

    public static IReadOnlyList<Conversation> All(string page) =>
        [.. Block().Matches(page).Select(static block => new Conversation(block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries), block.Groups["kind"].Value))];

    /// <summary>Plays the client.</summary>
    public async Task PlayAsync(RawPeer peer, GawServer server, TaskCompletionSource method)
    {
        string sent = "";
        foreach (string line in lines)
        {
            string rest = line[2..];
            switch (line[0])
            {
                case '>':
                    _id = $"{((UInt128)(ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() << 80) | ((UInt128)7 << 76) | (UInt128)Random.Shared.NextInt64()}";
                    sent = rest.Replace("\"id\": I,", $"\"id\": {_id},", StringComparison.Ordinal).Replace("\"server\": S", $"\"server\": {_server}", StringComparison.Ordinal).Replace("_ms\": T", $"_ms\": {_time}", StringComparison.Ordinal);
                    await peer.SendFrameAsync(sent);
                    break;
                case '<':
                    (await ReadAsync(peer, sent, rest)).Should().Be(rest);
                    break;
                case '!' when rest == "the server stops":
                    _stops = true;
                    _ = server.StopAsync(TestContext.Current.CancellationToken);
                    break;
                case '!' when rest == "the method returns":
                    method.TrySetResult();
                    break;
                default:
                    throw new InvalidDataException($"A conversation has no line such as: {line}");
            }
        }
    }

    private async Task<string?> ReadAsync(RawPeer peer, string sent, string expected)
    {
        string? came = await peer.ReadFrameAsync();

        // What a server that stops was about to receive still runs; that ends soon.
        for (int i = 0; _stops && i < MostTries && expected.Contains("ServerStopping", StringComparison.Ordinal) && came?.Contains("\"success\": true", StringComparison.Ordinal) == true; i++)
        {
            came = await peer.AskAsync(sent);
        }

        if (came is not null && Announced().Match(came) is { Success: true } keeps)
        {
            (_server, _time) = (keeps.Groups["server"].Value, keeps.Groups["time"].Value);
            came = came.Replace(keeps.Value, "\"keeps\": {\"server\": S, \"now_ms\": T}", StringComparison.Ordinal);
        }

        if (came is not null && Named().Match(came) is { Success: true } named)
        {
            _server = named.Groups["server"].Value;
            came = came.Replace(named.Value, "\"meta\": {\"server\": S}", StringComparison.Ordinal);
        }

        return came?.Replace($"\"resp_to\": {_id},", "\"resp_to\": I,", StringComparison.Ordinal);
    }

    [GeneratedRegex("^```conversation( (?<kind>keeps|window))?\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("""
        "keeps": \{"server": (?<server>\d+), "now_ms": (?<time>\d+)\}
        """)]
    private static partial Regex Announced();

    [GeneratedRegex("""
        "meta": \{"server": (?<server>\d+)\}
        """)]
    private static partial Regex Named();
}
