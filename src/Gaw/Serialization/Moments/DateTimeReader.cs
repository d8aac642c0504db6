namespace Gaw.Serialization.Moments;

/// <summary>
/// Reads the text of a moment: in the form of <see cref="DateTimeText"/>, and as ISO 8601 with <c>T</c>, <c>Z</c>, without seconds or without a time, with up to nine fraction
/// digits. There, digits beyond the sixth are cut off, as in the original. Ambiguous forms are refused.
/// </summary>
internal static class DateTimeReader
{
    private const int LongestRead = 64;
    private const int TickDigits = 7;
    private const int LongestFraction = 9;

    /// <summary>Reads a text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out PythonDateTime moment)
    {
        moment = default;
        DigitCursor rest = new DigitCursor(ascii);
        if (ascii.Length > LongestRead || !rest.Number(4, out int year) || !rest.Take('-') || !rest.Number(2, out int month) || !rest.Take('-') || !rest.Number(2, out int day))
        {
            return false;
        }

        int hour = 0;
        int minute = 0;
        int second = 0;
        int ticks = 0;
        bool isOurs = false;
        TimeSpan? offset = null;
        if (!rest.IsAtEnd
            && (!((isOurs = rest.Take(' ')) || rest.Take('T')) || !rest.Number(2, out hour) || !rest.Take(':') || !rest.Number(2, out minute)
                || (rest.Take(':') && (!rest.Number(2, out second) || !TryFraction(ref rest, isOurs, out ticks)))
                || !TryOffset(ref rest, out offset)))
        {
            return false;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        moment = new PythonDateTime(new DateTime(year, month, day, hour, minute, second).AddTicks(ticks), offset);
        return true;
    }

    /// <param name="rest">Stands behind the seconds.</param>
    /// <param name="isOurs">Whether the text has the form in which it is written here, so that a seventh digit, if it is the last, is one of .NET.</param>
    /// <param name="ticks">The fraction.</param>
    private static bool TryFraction(ref DigitCursor rest, bool isOurs, out int ticks)
    {
        ticks = 0;
        if (!rest.Take('.') && !rest.Take(','))
        {
            return true;
        }

        int digits = 0;
        for (; rest.Number(1, out int digit); digits++)
        {
            ticks = digits < TickDigits ? (ticks * 10) + digit : ticks;
        }

        for (int i = digits; i < TickDigits; i++)
        {
            ticks *= 10;
        }

        if (!isOurs || digits != TickDigits)
        {
            ticks -= ticks % (int)TimeSpan.TicksPerMicrosecond;
        }

        return digits is > 0 and <= LongestFraction;
    }

    private static bool TryOffset(ref DigitCursor rest, out TimeSpan? offset)
    {
        offset = null;
        if (rest.IsAtEnd)
        {
            return true;
        }

        rest.Take(' ');
        if (rest.Take('Z') || rest.Take('z'))
        {
            offset = TimeSpan.Zero;
            return rest.IsAtEnd;
        }

        bool isNegative = rest.Take('-');
        if ((!isNegative && !rest.Take('+')) || !rest.Number(2, out int hours))
        {
            return false;
        }

        int minutes = 0;
        if (!rest.IsAtEnd)
        {
            rest.Take(':');
            if (!rest.Number(2, out minutes))
            {
                return false;
            }
        }

        TimeSpan magnitude = new TimeSpan(hours, minutes, 0);
        offset = isNegative ? -magnitude : magnitude;
        return rest.IsAtEnd && hours < 24 && minutes < 60;
    }
}
