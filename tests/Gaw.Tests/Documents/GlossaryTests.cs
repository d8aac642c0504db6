using System.Text.RegularExpressions;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>
/// src/ARCHITECTURE.md, the glossary: one word for one thing. What went by another name once, and was renamed, does not come back. Messages are not looked at: users know them.
/// </summary>
public sealed partial class GlossaryTests
{
    /// <summary>What a name server gives is an answer (RFC 1034).</summary>
    private const string Dns = "src/Gaw/JsonWeb/Client/Names/";

    /// <summary>Words that no identifier holds, with the word of the glossary.</summary>
    private static readonly (string Word, string Instead)[] Identifiers =
    [
        ("[Aa]nswer", "reply"),
        ("[Ii]nlineRun", "LoopLease"),
        ("[Ss]tallWatch(?!dog)", "stall watchdog"),
        ("[Bb]lockingHabit", "BlockingPredictor"),
        ("[Kk]eptThread", "PoolCompensation"),
        ("[Aa]ctiveCount", "InFlightCounter"),
        ("[Pp]eerPace", "SlowPeerDetector"),
        ("[Rr]eplySender", "ReplyQueue"),
        ("[Rr]equestSender", "RequestQueue"),
        ("[Cc]allTable", "PendingCalls"),
        ("[Oo]utboundCall", "PendingCall"),
        ("[Mm]akeRoom", "WaitForCapacity"),
        ("[Ff]ailureFrame", "ErrorFrame"),
        ("[Ii]ntroduc", "probe"),
        ("[Kk]eeper", "cache"),
        ("[Kk]eptReply", "CachedReply"),
        ("[Ff]ailedAttempts", "RetryState"),
        ("[Ss]erverSet(?!ting)", "ServerPicker"),
    ];

    public static TheoryData<string> Sources => [.. new[] { "src/Gaw", "src/Gaw.Testing", "src/Gaw.Hosting", "src/Gaw.Nats" }.SelectMany(static folder => Repository.Files(folder, "*.cs")).Where(static path => !path.StartsWith(Dns, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Identifiers_have_the_words_of_the_glossary(string path)
    {
        string code = string.Join('\n', Repository.Read(path).Split('\n').Where(static line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        string identifiers = Texts().Replace(code, "\"\"");
        foreach ((string word, string instead) in Identifiers)
        {
            Match found = Regex.Match(identifiers, $@"\w*{word}\w*");
            found.Value.Should().BeEmpty($"{path} is to say {instead}");
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Comments_call_a_reply_a_reply(string path)
    {
        string comments = string.Join('\n', Repository.Read(path).Split('\n').Where(static line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        AnswerAsNoun().Match(comments).Value.Should().BeEmpty($"{path} is to say reply; the verb may stay");
    }

    [Theory]
    [InlineData("/// <summary>The answer is late.</summary>", true)]
    [InlineData("/// <summary>Their answers leave.</summary>", true)]
    [InlineData("/// <summary>The server answers one call after the other, out of order it may then answer, too.</summary>", false)]
    public void The_noun_is_told_from_the_verb(string comment, bool isNoun) => AnswerAsNoun().IsMatch(comment).Should().Be(isNoun);

    [GeneratedRegex(@"(?i)\b(an|the|its|no|first|second|last|whose|their|late|lost) answers?\b")]
    private static partial Regex AnswerAsNoun();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Texts();
}
