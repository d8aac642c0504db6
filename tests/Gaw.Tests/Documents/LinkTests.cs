using System.Text.RegularExpressions;
using Gaw.Tests.Support;

namespace Gaw.Tests.Documents;

/// <summary>The pages of the project lead to each other.</summary>
public sealed partial class LinkTests
{
    private static IReadOnlyDictionary<string, string> Pages { get; } = Repository.Files(".", "*.md").ToDictionary(static file => file, Repository.Read);

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading()
    {
        Pages.SelectMany(static page => Link().Matches(CodeIn().Replace(page.Value, "")).Select(link => (Page: page.Key, Target: link.Groups[1].Value)))
            .Where(static link => !link.Target.Contains("://", StringComparison.Ordinal) && !Resolves(link.Page, link.Target))
            .Should().BeEmpty();
    }

    private static bool Resolves(string page, string target)
    {
        string[] parts = target.Split('#');
        string file = parts[0].Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0])).Replace('\\', '/');
        string path = Path.Combine(Repository.Root, file);
        return parts.Length == 1 ? File.Exists(path) || Directory.Exists(path) : Pages.TryGetValue(file, out string? text) && Heading().Matches(text).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    /// <summary>As GitHub makes it: small letters, without signs, hyphens for blanks.</summary>
    private static string Anchor(string heading) => Regex.Replace(heading.Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-');

    [GeneratedRegex("^```.*?^```$|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeIn();

    [GeneratedRegex(@"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
