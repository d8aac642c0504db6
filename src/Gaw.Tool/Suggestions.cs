using System.CommandLine;
using System.Globalization;
using Gaw.Tool.Commands;
using Gaw.Tool.Terminals;

namespace Gaw.Tool;

/// <summary>Answers what a shell asks for its completion: <c>gaw [suggest:12] "gaw call --t"</c>.</summary>
internal static class Suggestions
{
    private static readonly string[] OfOtherSystems = ["/?", "/h", "-?"];

    /// <summary>The words that may stand at the end of a line.</summary>
    public static IEnumerable<string> For(RootCommand root, string[] args)
    {
        string line = args.Length > 1 ? args[1] : "";
        string digits = args[0].Trim('[', ']').Split(':')[^1];
        line = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int position) && position < line.Length ? line[..position] : line;

        // The first word is the tool's own name; what comes next may be a target, which stands for "run".
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string rest = space < 0 ? "" : line[(space + 1)..].TrimStart();
        string first = rest.Split(' ')[0];
        bool isTarget = first.Length < rest.Length && !first.StartsWith('-') && !ToolCommand.All.ContainsKey(first);
        rest = isTarget ? "run " + rest : rest;
        string word = rest[(rest.LastIndexOf(' ') + 1)..];
        ParseResult parsed = root.Parse(rest);

        // Behind an option the parser would complete its value only, be it one that takes none.
        IEnumerable<string> found = word.StartsWith('-')
            ? HelpWriter.OptionsOf(parsed.CommandResult.Command).SelectMany(static o => o.Aliases.Append(o.Name)).Where(name => name.StartsWith(word, StringComparison.Ordinal))
            : parsed.GetCompletions(rest.Length).Select(static item => item.Label);
        return found.Where(static label => !OfOtherSystems.Contains(label)).Distinct();
    }
}
