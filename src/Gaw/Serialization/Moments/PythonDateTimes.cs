using System.Globalization;

namespace Gaw.Serialization.Moments;

/// <summary>Converts moments of the wire to .NET's types and back. A moment that a type cannot hold is an error, never another moment.</summary>
internal static class PythonDateTimes
{
    private static readonly TimeSpan LargestOffset = TimeSpan.FromHours(14);

    /// <summary>The moment of a <see cref="DateTime"/>, by its kind.</summary>
    public static PythonDateTime Of(DateTime value) => value.Kind switch
    {
        DateTimeKind.Utc => new PythonDateTime(value, TimeSpan.Zero),
        DateTimeKind.Local => new PythonDateTime(value, WholeMinutes(TimeZoneInfo.Local.GetUtcOffset(value))),
        _ => new PythonDateTime(value, null),
    };

    /// <summary>Reads the text of a <see cref="DateTime"/>; an aware one as UTC.</summary>
    public static bool TryParse(string text, out DateTime value)
    {
        bool isMoment = DateTimeText.TryParse(text, out PythonDateTime moment);
        value = !isMoment ? default : moment.Offset is { } offset ? ToUtc(moment.Local, offset) : moment.Local;
        return isMoment;
    }

    /// <summary>Reads the text of a <see cref="DateTimeOffset"/>, which has an offset.</summary>
    public static bool TryParse(string text, out DateTimeOffset value)
    {
        bool isAware = DateTimeText.TryParse(text, out PythonDateTime moment) && moment.Offset is not null;
        value = isAware ? ToOffset(moment.Local, moment.Offset!.Value) : default;
        return isAware;
    }

    /// <summary>A naive moment as <see cref="DateTime"/>, an aware one as <see cref="DateTimeOffset"/>.</summary>
    public static object ToNatural(PythonDateTime moment) => moment.Offset is { } offset ? (object)ToOffset(moment.Local, offset) : moment.Local;

    /// <summary>An aware moment as UTC; any offset under 24 hours will do.</summary>
    public static DateTime ToUtc(DateTime local, TimeSpan offset)
    {
        long ticks = local.Ticks - offset.Ticks;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : throw OutOfYears(local, offset);
    }

    /// <summary>An aware moment with its offset.</summary>
    public static DateTimeOffset ToOffset(DateTime local, TimeSpan offset)
    {
        if (offset.Duration() > LargestOffset)
        {
            throw new GawSerializationException($"The datetime has the offset {Text(offset)}, and DateTimeOffset ends at 14:00 either way. Take a DateTime, which is read as UTC.");
        }

        long utc = local.Ticks - offset.Ticks;
        return utc >= DateTime.MinValue.Ticks && utc <= DateTime.MaxValue.Ticks ? new DateTimeOffset(local.Ticks, offset) : throw OutOfYears(local, offset);
    }

    private static TimeSpan WholeMinutes(TimeSpan offset) => offset.Ticks % TimeSpan.TicksPerMinute == 0
        ? offset
        : throw new GawSerializationException($"The local offset {Text(offset)}:{Math.Abs(offset.Seconds):00} has seconds, which no peer can read. Send the time as UTC.");

    private static GawSerializationException OutOfYears(DateTime local, TimeSpan offset) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The datetime {local:yyyy-MM-dd HH:mm:ss}{Text(offset)} lies outside the years 1 to 9999 in UTC, which .NET cannot hold."));

    private static string Text(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
