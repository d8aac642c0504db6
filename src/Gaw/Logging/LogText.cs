using System.Globalization;
using System.Text;

namespace Gaw.Logging;

/// <summary>Makes a text that somebody else wrote fit to be logged: on one line, without orders to a terminal, and of bounded length.</summary>
internal static class LogText
{
    /// <summary>A value in a message is cut to this many characters.</summary>
    public const int MaxValueLength = 500;

    /// <summary>And a whole message to this many.</summary>
    public const int MaxLength = 4000;

    /// <summary>The text itself, where nothing is wrong with it.</summary>
    public static string Clean(string text, int most)
    {
        int end = Math.Min(text.Length, most);
        int at = 0;
        while (at < end && !IsEscaped(text, at))
        {
            at++;
        }

        if (at == text.Length)
        {
            return text;
        }

        StringBuilder cleaned = new(text, 0, at, Math.Min(end, at + 64) + 16);
        for (; at < end; at++)
        {
            if (IsEscaped(text, at))
            {
                cleaned.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}");
            }
            else
            {
                cleaned.Append(text[at]);
            }
        }

        return text.Length > most ? cleaned.Append(CultureInfo.InvariantCulture, $"… ({text.Length} characters)").ToString() : cleaned.ToString();
    }

    /// <summary>Controls (C0, DEL, C1), line ends, what turns the direction of writing, and halves of characters.</summary>
    private static bool IsEscaped(string text, int at) => char.GetUnicodeCategory(text[at]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format => true,
        UnicodeCategory.Surrogate => !IsInPair(text, at),
        _ => false,
    };

    private static bool IsInPair(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
