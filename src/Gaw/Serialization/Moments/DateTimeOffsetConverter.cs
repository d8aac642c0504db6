namespace Gaw.Serialization.Moments;

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
