using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Text;

namespace Gaw.Serialization.Converters;

/// <summary><c>{"_v": "2016-07-29 11:18:20.480054", "_t": "datetime"}</c>; reads the text alone as well.</summary>
internal abstract class MomentConverter<T> : MarkedConverter<T>
{
    private const string Expected = "a datetime such as \"2016-07-29 11:18:20.480054+07:00\"";

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        Markers.Begin(writer);
        writer.Raw(MomentText.Quoted(ToMoment(value!), stackalloc byte[MomentText.LongestQuoted]));
        Markers.End(writer, Markers.DateTime);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => tag.Equals("datetime"u8);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && MomentText.TryParse(reader.ReadText(), out Moment moment) ? FromMoment(moment) : throw ReadProblem.Mismatch(Expected, ref start);
    }

    /// <summary>The value for a moment.</summary>
    protected abstract T FromMoment(Moment moment);

    /// <summary>The moment for a value.</summary>
    protected abstract Moment ToMoment(T value);
}

/// <summary>
/// <see cref="DateTimeKind.Unspecified"/> is a naive datetime, <see cref="DateTimeKind.Utc"/> an aware one with <c>+00:00</c>,
/// <see cref="DateTimeKind.Local"/> an aware one with the machine's offset. An aware one is read as UTC.
/// </summary>
internal sealed class DateTimeConverter : MomentConverter<DateTime>
{
    /// <inheritdoc/>
    protected override DateTime FromMoment(Moment moment) => moment.Offset is { } offset ? Moments.ToUtc(moment.Local, offset) : moment.Local;

    /// <inheritdoc/>
    protected override Moment ToMoment(DateTime value) => Moments.Of(value);
}

/// <summary>An aware datetime. A naive one is refused, since any offset would be a guess.</summary>
internal sealed class DateTimeOffsetConverter : MomentConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    protected override DateTimeOffset FromMoment(Moment moment) => moment.Offset is { } offset
        ? Moments.ToOffset(moment.Local, offset)
        : throw ReadProblem.Mismatch("a datetime with an offset", "one without", "Take a DateTime, or let the peer send an aware datetime.");

    /// <inheritdoc/>
    protected override Moment ToMoment(DateTimeOffset value) => new(value.DateTime, value.Offset);
}
