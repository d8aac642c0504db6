namespace Gaw.Tool.Terminals;

/// <summary>Makes texts from elsewhere fit for a terminal or a log: characters that are orders to a terminal become their codes, <c>\x1b</c>.</summary>
internal static class CleanText
{
    /// <summary>Whether a terminal acts on the character instead of showing it: the control characters, and those that turn the direction of writing.</summary>
    public static bool IsOrder(char c) => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';

    /// <summary>Text of any number of lines.</summary>
    public static string Lines(string text) => Clean(text, static c => c is '\n' or '\t');

    /// <summary>Text that has to stay on its line, where a line means something: a log, a message.</summary>
    public static string OneLine(string text) => Clean(text.ReplaceLineEndings(" "), static c => c == '\t');

    private static string Clean(string text, Func<char, bool> mayStay)
    {
        return text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 || !text.Any(c => IsOrder(c) && !mayStay(c))
            ? text
            : string.Concat(text.Select(c => !IsOrder(c) || mayStay(c) ? c.ToString() : c < 0x100 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}"));
    }
}
