using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>A date and time as it stands on the wire: with an offset (aware) or without (naive).</summary>
/// <param name="Local">Date and time as written.</param>
/// <param name="Offset">The offset from UTC, under 24 hours either way; <see langword="null"/> for a naive one.</param>
internal readonly record struct PythonDateTime(DateTime Local, TimeSpan? Offset);

/// <summary>
/// The text of a moment. Written as <c>2016-07-29 11:18:20[.480054][+07:00]</c>: six fraction digits or none, seven
/// where .NET has a seventh, whole minutes of offset. The original cuts digits beyond the sixth off.
/// Read in that form and as ISO 8601 with <c>T</c>, <c>Z</c>, without seconds or without a time, with up to nine fraction digits, of which
/// those beyond the sixth are cut off there, as the original cuts them. Forms that can be read in two ways are refused.
/// </summary>
internal static class DateTimeText
{
    /// <summary>The longest text, with its quotes.</summary>
    public const int LongestQuoted = 35;

    private const int LongestRead = 64;
    private const int MicrosecondDigits = 6;
    private const int TickDigits = 7;
    private const int LongestFraction = 9;

    /// <summary>Writes the text with its quotes.</summary>
    public static ReadOnlySpan<byte> Quoted(PythonDateTime moment, Span<byte> room)
    {
        DateTime local = moment.Local;
        int at = 0;
        room[at++] = (byte)'"';
        at = Number(room, at, local.Year, 4);
        room[at++] = (byte)'-';
        at = Number(room, at, local.Month, 2);
        room[at++] = (byte)'-';
        at = Number(room, at, local.Day, 2);
        room[at++] = (byte)' ';
        at = Number(room, at, local.Hour, 2);
        room[at++] = (byte)':';
        at = Number(room, at, local.Minute, 2);
        room[at++] = (byte)':';
        at = Number(room, at, local.Second, 2);
        int ticks = (int)(local.Ticks % TimeSpan.TicksPerSecond);
        if (ticks != 0)
        {
            room[at++] = (byte)'.';
            at = ticks % TimeSpan.TicksPerMicrosecond == 0
                ? Number(room, at, ticks / (int)TimeSpan.TicksPerMicrosecond, MicrosecondDigits)
                : Number(room, at, ticks, TickDigits);
        }

        if (moment.Offset is { } offset)
        {
            room[at++] = offset < TimeSpan.Zero ? (byte)'-' : (byte)'+';
            at = Number(room, at, Math.Abs(offset.Hours), 2);
            room[at++] = (byte)':';
            at = Number(room, at, Math.Abs(offset.Minutes), 2);
        }

        room[at++] = (byte)'"';
        return room[..at];
    }

    /// <summary>The text without quotes.</summary>
    public static string ToText(PythonDateTime moment) => Encoding.ASCII.GetString(Quoted(moment, stackalloc byte[LongestQuoted])[1..^1]);

    /// <summary>Reads a text.</summary>
    public static bool TryParse(string text, out PythonDateTime moment) => TryParse(Encoding.UTF8.GetBytes(text), out moment);

    /// <summary>Reads a text.</summary>
    public static bool TryParse(JsonText text, out PythonDateTime moment)
    {
        ReadOnlySpan<byte> ascii = text.HasEscapes ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw;
        return TryParse(ascii, out moment);
    }

    /// <summary>Reads a text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out PythonDateTime moment)
    {
        moment = default;
        Cursor rest = new Cursor(ascii);
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

    private static int Number(Span<byte> room, int at, int value, int digits)
    {
        for (int i = at + digits - 1; i >= at; i--)
        {
            room[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        return at + digits;
    }

    /// <param name="rest">Stands behind the seconds.</param>
    /// <param name="isOurs">Whether the text has the form in which it is written here, so that a seventh digit, if it is the last, is one of .NET.</param>
    /// <param name="ticks">The fraction.</param>
    private static bool TryFraction(ref Cursor rest, bool isOurs, out int ticks)
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

    private static bool TryOffset(ref Cursor rest, out TimeSpan? offset)
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

    /// <summary>What is left of a text.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public bool Take(char expected)
        {
            bool found = !_rest.IsEmpty && _rest[0] == expected;
            _rest = found ? _rest[1..] : _rest;
            return found;
        }

        public bool Number(int digits, out int value)
        {
            value = 0;
            if (_rest.Length < digits)
            {
                return false;
            }

            foreach (byte digit in _rest[..digits])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }

                value = (value * 10) + (digit - '0');
            }

            _rest = _rest[digits..];
            return true;
        }
    }
}
