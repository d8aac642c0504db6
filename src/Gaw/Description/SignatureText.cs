using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gaw.Description;

/// <summary>A method as a signature for readers: <c>plus(a: int, b: int = 1) -> string</c>.</summary>
internal static partial class SignatureText
{
    /// <param name="name">The method's name on the wire.</param>
    /// <param name="parameters">As they are described.</param>
    /// <param name="result">The result's type in C#, of a stream that of its items.</param>
    /// <param name="isStream">The result is a stream.</param>
    public static string Of(string name, IEnumerable<Dictionary<string, object?>> parameters, string result, bool isStream) =>
        $"{name}({string.Join(", ", parameters.Select(Of))}) -> {(isStream ? "stream of " : "")}{result}";

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Default values are texts, numbers and the like.")]
    private static string Of(Dictionary<string, object?> parameter)
    {
        if (parameter["variadic"] is true)
        {
            return $"*{parameter["name"]}: {((string)parameter["type"]!)[..^"[]".Length]}";
        }

        string named = $"{parameter["name"]}: {(parameter.ContainsKey("stream") ? "stream of " : "")}{parameter["type"]}";
        return parameter.TryGetValue("default", out object? value) ? $"{named} = {(value is string text ? Quote(text) : GawSerializer.Serialize(value))}" : named;
    }

    /// <summary>A text for readers: letters of all scripts as they are, control characters by their codes. An escaped backslash is parted off first: what follows it is text.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A text needs no type that is kept.")]
    private static string Quote(string text) => string.Join("\\\\", GawSerializer.Serialize(text).Split("\\\\").Select(static part => Escape().Replace(part, Unescape)));

    private static string Unescape(Match escape)
    {
        char letter = (char)int.Parse(escape.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return letter < 0xa0 || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? escape.Value : letter.ToString();
    }

    [GeneratedRegex("\\\\u[0-9a-f]{4}")]
    private static partial Regex Escape();
}
