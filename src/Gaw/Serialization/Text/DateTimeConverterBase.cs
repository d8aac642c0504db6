using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Text;

/// <summary><c>{"_v": "2016-07-29 11:18:20.480054", "_t": "datetime"}</c>; reads the text alone as well.</summary>
internal abstract class DateTimeConverterBase<T> : MarkedConverter<T>
{
    private const string Expected = "a datetime such as \"2016-07-29 11:18:20.480054+07:00\"";

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        Markers.Begin(writer);
        writer.Raw(DateTimeText.Quoted(ToMoment(value!), stackalloc byte[DateTimeText.LongestQuoted]));
        Markers.End(writer, Markers.DateTime);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => tag.Equals("datetime"u8);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && DateTimeText.TryParse(reader.ReadText(), out PythonDateTime moment) ? FromMoment(moment) : throw ReadErrors.Mismatch(Expected, ref start);
    }

    /// <summary>The value for a moment.</summary>
    protected abstract T FromMoment(PythonDateTime moment);

    /// <summary>The moment for a value.</summary>
    protected abstract PythonDateTime ToMoment(T value);
}

/// <summary>
/// <see cref="DateTimeKind.Unspecified"/> is a naive datetime, <see cref="DateTimeKind.Utc"/> an aware one with <c>+00:00</c>,
/// <see cref="DateTimeKind.Local"/> an aware one with the machine's offset. An aware one is read as UTC.
/// </summary>
internal sealed class DateTimeConverter : DateTimeConverterBase<DateTime>
{
    /// <inheritdoc/>
    protected override DateTime FromMoment(PythonDateTime moment) => moment.Offset is { } offset ? PythonDateTimes.ToUtc(moment.Local, offset) : moment.Local;

    /// <inheritdoc/>
    protected override PythonDateTime ToMoment(DateTime value) => PythonDateTimes.Of(value);
}

/// <summary>An aware datetime. A naive one is refused, since any offset would be a guess.</summary>
internal sealed class DateTimeOffsetConverter : DateTimeConverterBase<DateTimeOffset>
{
    /// <inheritdoc/>
    protected override DateTimeOffset FromMoment(PythonDateTime moment) => moment.Offset is { } offset
        ? PythonDateTimes.ToOffset(moment.Local, offset)
        : throw ReadErrors.Mismatch("a datetime with an offset", "one without", "Take a DateTime, or let the peer send an aware datetime.");

    /// <inheritdoc/>
    protected override PythonDateTime ToMoment(DateTimeOffset value) => new(value.DateTime, value.Offset);
}
