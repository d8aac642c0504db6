using System.Text.RegularExpressions;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>
/// src/ARCHITECTURE.md, style: a volatile, an interlocked operation and a barrier name what they pair with. The field is where they are looked for, or the first of the block of
/// fields that one comment speaks of.
/// </summary>
public sealed partial class BarrierTests
{
    public static TheoryData<string> Sources =>
        [.. new[] { "src/Gaw", "src/Gaw.Testing", "src/Gaw.Hosting", "src/Gaw.Nats" }.SelectMany(static folder => Repository.Files(folder, "*.cs")).Where(static path => Shared(Repository.Read(path)).Any())];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_field_that_threads_share_without_a_lock_names_its_partner(string path)
    {
        string text = Repository.Read(path);
        string[] lines = text.Split('\n');
        IEnumerable<string> silent = Shared(text).Where(field => !NamesPartner(lines, field));
        silent.Should().BeEmpty($"{path} is to say what each pairs with: \"Pairs with the read in ...\"");
    }

    [Fact]
    public void Fields_are_found() => Sources.Should().HaveCountGreaterThan(30, "otherwise nothing is looked for");

    [Theory]
    [InlineData("    /// <summary>Pairs with the read.</summary>\n    private volatile bool _is;", true)]
    [InlineData("    private volatile bool _is;", false)]
    [InlineData("    /// <summary>How many.</summary>\n    private int _is;\n    int Add() => Interlocked.Increment(ref _is);", false)]
    [InlineData("    /// <summary>Each pairs with its read.</summary>\n    private volatile bool _was;\n    private volatile bool _is;", true)]
    [InlineData("    /// <summary>Each pairs with its read.</summary>\n    private volatile bool _was;\n\n    private volatile bool _is;", false)]
    public void A_comment_that_names_no_partner_is_found(string text, bool names) => NamesPartner(text.Split('\n'), "_is").Should().Be(names);

    /// <summary>The fields of a file that are volatile, or are touched by Volatile or Interlocked.</summary>
    private static IEnumerable<string> Shared(string text) =>
        VolatileField().Matches(text).Concat(Operation().Matches(text)).Select(static match => match.Groups["field"].Value).Distinct(StringComparer.Ordinal);

    private static bool NamesPartner(string[] lines, string field)
    {
        int at = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"^\s+private .*\b{field}\b(?: =|;)"));
        while (at > 0 && Declaration().IsMatch(lines[at]) && lines[at - 1].Trim().Length > 0 && !lines[at - 1].TrimStart().StartsWith("//", StringComparison.Ordinal))
        {
            at--;
        }

        int first = at;
        while (first > 0 && lines[first - 1].TrimStart() is var above && (above.StartsWith("//", StringComparison.Ordinal) || above.StartsWith('[')))
        {
            first--;
        }

        return string.Concat(lines[first..Math.Max(at, first)]).Contains("pair", StringComparison.OrdinalIgnoreCase)
            || string.Concat(lines[first..Math.Max(at, first)]).Contains("partner", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"^\s+private volatile [^=;(]*?(?<field>_\w+)(?: =|;)", RegexOptions.Multiline)]
    private static partial Regex VolatileField();

    [GeneratedRegex(@"(?:Volatile|Interlocked)\.\w+\(ref (?<field>_\w+)")]
    private static partial Regex Operation();

    [GeneratedRegex(@"^\s+private [^(]*(?: =|;)")]
    private static partial Regex Declaration();
}
