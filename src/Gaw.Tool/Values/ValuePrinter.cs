using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gaw.Tool.Values;

/// <summary>Shows values as people write them: <c>MathResult(header: "x", result: 3)</c>, <c>(1, 2)</c>, <c>{"a": [1, 2]}</c>. What is too long for a line is broken up.</summary>
internal static class ValuePrinter
{
    private const string Indent = "  ";

    /// <summary>A result; a text alone stands without quotes.</summary>
    public static string Show(object? value, int width) => value as string ?? Show(value, width, "");

    /// <summary>A value within others.</summary>
    public static string ShowInline(object? value) => Show(value, int.MaxValue, "");

    private static string Show(object? value, int width, string indent) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => Quote(text),
        double number => GawSerializer.Serialize(number),
        DateTime moment => moment.ToString(moment.TimeOfDay.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString(moment.TimeOfDay.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:sszzz" : "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        GawObject made => Join(made.TypeName + "(", ")", made.Members.Select(m => $"{m.Key}: {Show(m.Value, width, indent + Indent)}"), width, indent),
        IDictionary<string, object?> members => Join("{", "}", members.Select(m => $"{Quote(m.Key)}: {Show(m.Value, width, indent + Indent)}"), width, indent),
        IDictionary entries => Join("{", "}", entries.Keys.Cast<object>().Select(k => $"{Show(k, width, indent + Indent)}: {Show(entries[k], width, indent + Indent)}"), width, indent),
        object?[] or ITuple => Tuple(value is ITuple tuple ? Enumerable.Range(0, tuple.Length).Select(i => tuple[i]) : (object?[])value, width, indent),
        HashSet<object?> { Count: 0 } => "set()",
        HashSet<object?> set => Join("{", "}", set.Select(v => Show(v, width, indent + Indent)), width, indent),
        IEnumerable items => Join("[", "]", items.Cast<object?>().Select(v => Show(v, width, indent + Indent)), width, indent),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Tuple(IEnumerable<object?> items, int width, string indent)
    {
        string[] shown = [.. items.Select(v => Show(v, width, indent + Indent))];
        return shown.Length == 1 ? $"({shown[0]},)" : Join("(", ")", shown, width, indent);
    }

    private static string Join(string open, string close, IEnumerable<string> items, int width, string indent)
    {
        string[] all = [.. items];
        int length = indent.Length + open.Length + close.Length + all.Sum(static i => i.Length + 2);
        return length <= width && !Array.Exists(all, static i => i.Contains('\n', StringComparison.Ordinal))
            ? open + string.Join(", ", all) + close
            : $"{open}\n{string.Join(",\n", all.Select(i => indent + Indent + i))}\n{indent}{close}";
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";
}
