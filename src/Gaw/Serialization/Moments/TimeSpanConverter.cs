using System.Globalization;
using Gaw.Json;

namespace Gaw.Serialization.Moments;

/// <summary>
/// A duration as its seconds, a float: what Python's <c>timedelta.total_seconds</c> gives and <c>timedelta(seconds=...)</c> takes. The digits
/// are exact, so .NET reads back every tick. Reads the text <c>[-][d.]hh:mm:ss[.fffffff]</c> as well.
/// </summary>
internal sealed class TimeSpanConverter : ValueConverter<TimeSpan>
{
    private const int LongestText = 24;
    private const decimal MostSeconds = 1e12m;

    /// <inheritdoc/>
    public override TimeSpan Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        switch (reader.Peek())
        {
            case JsonKind.Integer or JsonKind.Float
                when decimal.TryParse(reader.ReadNumber(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds)
                    && Math.Abs(seconds) < MostSeconds
                    && Math.Round(seconds * TimeSpan.TicksPerSecond) is >= long.MinValue and <= long.MaxValue and var ticks:
                return new TimeSpan((long)ticks);
            case JsonKind.String when TimeSpan.TryParseExact(reader.ReadString(), "c", CultureInfo.InvariantCulture, out TimeSpan value):
                return value;
            default:
                throw ReadErrors.Mismatch("a duration in seconds", ref start);
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TimeSpan value)
    {
        Span<byte> text = stackalloc byte[LongestText];
        ((decimal)value.Ticks / TimeSpan.TicksPerSecond).TryFormat(text, out int count, "0.0######", CultureInfo.InvariantCulture);
        writer.Raw(text[..count]);
    }
}
