using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>Bytes as base64 text, since the original has no form for bytes.</summary>
internal sealed class BytesConverter : ValueConverter<byte[]>
{
    /// <inheritdoc/>
    public override byte[]? Read(ref JsonReader reader)
    {
        if (reader.Peek() is not JsonKind.Null)
        {
            return ReadBytes(ref reader);
        }

        reader.ReadNull();
        return null;
    }

    /// <summary>Consumes the text of bytes.</summary>
    public static byte[] ReadBytes(ref JsonReader reader)
    {
        JsonReader start = reader;
        if (reader.Peek() is not JsonKind.String)
        {
            throw ReadErrors.Mismatch("bytes as base64 text", ref start);
        }

        JsonText text = reader.ReadText();
        ReadOnlySpan<byte> ascii = text.HasEscapes ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw;
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(ascii.Length)];
        return Base64.IsValid(ascii) && Base64.DecodeFromUtf8(ascii, bytes, out _, out int written) is System.Buffers.OperationStatus.Done
            ? bytes.AsSpan(0, written).ToArray()
            : throw ReadErrors.Mismatch("bytes as base64 text", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, byte[]? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else
        {
            writer.String(Convert.ToBase64String(value));
        }
    }
}

/// <summary>A block of bytes as base64 text.</summary>
internal sealed class MemoryConverter : ValueConverter<Memory<byte>>
{
    /// <inheritdoc/>
    public override Memory<byte> Read(ref JsonReader reader) => BytesConverter.ReadBytes(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, Memory<byte> value) => writer.String(Convert.ToBase64String(value.Span));
}

/// <summary>A block of bytes as base64 text.</summary>
internal sealed class ReadOnlyMemoryConverter : ValueConverter<ReadOnlyMemory<byte>>
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Read(ref JsonReader reader) => BytesConverter.ReadBytes(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, ReadOnlyMemory<byte> value) => writer.String(Convert.ToBase64String(value.Span));
}

/// <summary>A date as the text <c>2016-07-29</c>, since the original has no form for dates. Reads a naive datetime at midnight as well.</summary>
internal sealed class DateOnlyConverter(ValueConverter<DateTime> moments) : ValueConverter<DateOnly>
{
    /// <inheritdoc/>
    public override DateOnly Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        DateTime value = moments.Read(ref reader);
        return value is { Kind: DateTimeKind.Unspecified, TimeOfDay.Ticks: 0 } ? DateOnly.FromDateTime(value) : throw ReadErrors.Mismatch("a date such as \"2016-07-29\"", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, DateOnly value) => writer.String(value.ToString("O", CultureInfo.InvariantCulture));
}

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
