using System.Globalization;
using System.Numerics;

namespace Gaw.Tool.Generating;

/// <summary>Values from the wire as literals of a program's source. The only place that writes them: what is not of the kind asked for is refused, never written.</summary>
internal static class SourceLiteral
{
    /// <summary>A number's digits, for C# and Python alike.</summary>
    /// <exception cref="ToolException">The value is no finite number.</exception>
    public static string Number(object? value) => value switch
    {
        int or long or BigInteger => ((IFormattable)value).ToString("D", CultureInfo.InvariantCulture),
        double number when double.IsFinite(number) => GawSerializer.Serialize(number),
        _ => throw DescriptionCheck.Refused($"{Show(value)} where a number should be"),
    };

    /// <summary>The digits of a whole number.</summary>
    /// <exception cref="ToolException">The value is none.</exception>
    public static string WholeNumber(object? value) => value is int or long or BigInteger ? Number(value) : throw DescriptionCheck.Refused($"{Show(value)} where a whole number should be");

    /// <summary>A text in double quotes. JSON's escapes are those of C# and Python, and beyond ASCII all is escaped.</summary>
    public static string Text(string text) => GawSerializer.Serialize(text);

    private static string Show(object? value) => value is string text ? Text(text.Length > 60 ? text[..60] + "..." : text) : value?.GetType().Name ?? "null";
}
