using System.Globalization;

namespace Gaw.Json;

/// <summary>Turns .NET's shortest text of a float into Python's: the same digits, an exponent only below 1e-4 and from 1e16 upward.</summary>
internal static class PythonFloat
{
    private const int FirstSmallExponent = -5;
    private const int FirstLargeExponent = 16;
    private const int MostDigits = 24;

    /// <summary>Rewrites <paramref name="shortest"/> (<c>3</c>, <c>1.5E+16</c>, <c>1E-05</c>) into <paramref name="room"/>.</summary>
    /// <returns>The bytes written; never more than 32.</returns>
    public static int Format(ReadOnlySpan<byte> shortest, Span<byte> room)
    {
        int at = 0;
        if (shortest[0] == '-')
        {
            room[at++] = (byte)'-';
            shortest = shortest[1..];
        }

        int mark = shortest.IndexOf((byte)'E');
        ReadOnlySpan<byte> mantissa = mark < 0 ? shortest : shortest[..mark];
        int point = mantissa.IndexOf((byte)'.');
        if (mark < 0 && point >= 0)
        {
            shortest.CopyTo(room[at..]);
            return at + shortest.Length;
        }

        int exponent = mark < 0 ? 0 : int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int pointAt = exponent + (point < 0 ? mantissa.Length : point);
        Span<byte> digits = stackalloc byte[MostDigits];
        mantissa[..(point < 0 ? mantissa.Length : point)].CopyTo(digits);
        int count = point < 0 ? mantissa.Length : mantissa.Length - 1;
        if (point >= 0)
        {
            mantissa[(point + 1)..].CopyTo(digits[point..]);
        }

        return at + Write(digits[..count], pointAt, room[at..]);
    }

    /// <param name="digits">The digits; not all zero unless there is but one.</param>
    /// <param name="pointAt">The number of digits before the point; it may be beyond either end.</param>
    /// <param name="room">Where to write.</param>
    private static int Write(ReadOnlySpan<byte> digits, int pointAt, Span<byte> room)
    {
        int exponent = pointAt - 1;
        if (exponent is <= FirstSmallExponent or >= FirstLargeExponent)
        {
            return WithExponent(digits.TrimEnd((byte)'0'), exponent, room);
        }

        int at = 0;
        for (int i = Math.Min(pointAt, 1) - 1; i < Math.Max(digits.Length, pointAt + 1); i++)
        {
            if (i == pointAt)
            {
                room[at++] = (byte)'.';
            }

            room[at++] = i >= 0 && i < digits.Length ? digits[i] : (byte)'0';
        }

        return at;
    }

    private static int WithExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> room)
    {
        int at = 0;
        room[at++] = digits[0];
        if (digits.Length > 1)
        {
            room[at++] = (byte)'.';
            digits[1..].CopyTo(room[at..]);
            at += digits.Length - 1;
        }

        room[at++] = (byte)'e';
        exponent.TryFormat(room[at..], out int length, "+00;-00", CultureInfo.InvariantCulture);
        return at + length;
    }
}
