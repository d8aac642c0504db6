using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>Words of command lines that somebody will paste: whatever a word holds, a shell takes it for one word and nothing else.</summary>
internal static class ShellWords
{
    /// <summary>Signs that mean nothing to bash, zsh, fish or PowerShell, wherever they stand in a word.</summary>
    private const string Plain = "_./:+-";

    /// <summary>Whether the text can be pasted at all: a control character is acted on by the terminal before a shell sees the quotes around it.</summary>
    public static bool CanBePasted(string text) => !Array.Exists(text.ToCharArray(), CleanText.IsOrder);

    /// <summary>A word for bash, zsh, fish and their kin.</summary>
    public static string Posix(string word) => IsPlain(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A word for PowerShell.</summary>
    public static string PowerShell(string word) => IsPlain(word) ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal).Replace("\u2018", "\u2018\u2018", StringComparison.Ordinal).Replace("\u2019", "\u2019\u2019", StringComparison.Ordinal)}'";

    private static bool IsPlain(string word) =>
        word.Length > 0 && (word[0] != '-' || (word.Length > 1 && char.IsAsciiDigit(word[1]))) && word.All(static c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal));
}
