using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Moments;

/// <summary>
/// The text of a moment. Written as <c>2016-07-29 11:18:20[.480054][+07:00]</c>: six fraction digits or none, seven
/// where .NET has a seventh, whole minutes of offset. The original cuts digits beyond the sixth off.
/// </summary>
internal static class DateTimeText
{
    /// <summary>The longest text, with its quotes.</summary>
    public const int LongestQuoted = 35;

    private const int MicrosecondDigits = 6;
    private const int TickDigits = 7;

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
    public static bool TryParse(string text, out PythonDateTime moment) => DateTimeReader.TryParse(Encoding.UTF8.GetBytes(text), out moment);

    /// <summary>Reads a text.</summary>
    public static bool TryParse(JsonText text, out PythonDateTime moment)
    {
        ReadOnlySpan<byte> ascii = text.HasEscapes ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw;
        return DateTimeReader.TryParse(ascii, out moment);
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
}
