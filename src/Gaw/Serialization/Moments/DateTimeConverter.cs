namespace Gaw.Serialization.Moments;

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
