using System.Globalization;
using Gaw.Json;

namespace Gaw.Serialization.Moments;

/// <summary>A time of day as the text <c>11:18:20[.480054]</c>, as Python's <c>time.isoformat</c> writes it; a seventh digit where it is not 0.</summary>
internal sealed class TimeOnlyConverter : ValueConverter<TimeOnly>
{
    private static readonly string[] Forms = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"];

    /// <inheritdoc/>
    public override TimeOnly Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && TryParse(reader.ReadString(), out TimeOnly value)
            ? value
            : throw ReadErrors.Mismatch("a time of day such as \"11:18:20.480054\"", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TimeOnly value) => writer.String(ToText(value));

    /// <summary>Makes the text.</summary>
    public static string ToText(TimeOnly value)
    {
        long fraction = value.Ticks % TimeSpan.TicksPerSecond;
        string form = fraction == 0 ? "HH:mm:ss" : fraction % TimeSpan.TicksPerMicrosecond == 0 ? "HH:mm:ss.ffffff" : "HH:mm:ss.fffffff";
        return value.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>Reads the text.</summary>
    public static bool TryParse(string text, out TimeOnly value) => TimeOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
}
