using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gaw.Json.Floats;

/// <summary>Writes floats as Python's <c>repr</c> does: the fewest digits that read back the same, an exponent only below 1e-4 and from 1e16 upward.</summary>
internal static class PythonFloat
{
    private const int FirstSmallExponent = -5;
    private const int FirstLargeExponent = 16;
    private const int MostDigits = 20;

    /// <summary>Below this, an integral double is written without an exponent and without rounding.</summary>
    private const double PlainIntegers = 1e15;

    /// <summary>Decimals up to six are found by one division.</summary>
    private const long Millionths = 1_000_000;

    /// <summary>Below this, a double in millionths has at most 15 digits; these tell all doubles apart.</summary>
    private const double PlainDecimals = 1e9;

    /// <summary>Below this there is an exponent.</summary>
    private const double SmallestPlain = 1e-4;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    /// <summary>Writes a double.</summary>
    /// <param name="value">A finite one.</param>
    /// <param name="room">At least 32 bytes.</param>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(double value, Span<byte> room)
    {
        if (Math.Abs(value) < PlainIntegers && (long)value == value && (value != 0 || !double.IsNegative(value)))
        {
            ((long)value).TryFormat(room, out int count, default, CultureInfo.InvariantCulture);
            ".0"u8.CopyTo(room[count..]);
            return count + 2;
        }

        if (double.IsNegative(value))
        {
            room[0] = (byte)'-';
            return 1 + WriteFraction(-value, room[1..]);
        }

        return WriteFraction(value, room);
    }

    /// <summary>Writes a float of single precision by its own digits: 0.1f as <c>0.1</c>.</summary>
    /// <param name="value">A finite one.</param>
    /// <param name="room">At least 32 bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(float value, Span<byte> room)
    {
        if (float.IsNegative(value))
        {
            room[0] = (byte)'-';
            return 1 + Write(-value, room[1..]);
        }

        return value == 0 ? WriteFraction(0, room) : Write(ShortestDigits.Of(value, out int power), power, room);
    }

    private static int WriteFraction(double value, Span<byte> room)
    {
        if (value == 0)
        {
            "0.0"u8.CopyTo(room);
            return 3;
        }

        return TryWriteFewDecimals(value, room, out int written) ? written : Write(ShortestDigits.Of(value, out int power), power, room);
    }

    /// <summary>
    /// The short way for prices and measurements. Where a decimal of at most 15 digits is nearest to the double, no other one of so few digits is; so its digits are the shortest.
    /// The division is exactly rounded, as both its numbers are exact.
    /// </summary>
    private static bool TryWriteFewDecimals(double value, Span<byte> room, out int written)
    {
        written = 0;
        if (value is not (>= SmallestPlain and < PlainDecimals))
        {
            return false;
        }

        long scaled = (long)((value * Millionths) + 0.5);
        if (scaled / (double)Millionths != value)
        {
            return false;
        }

        (uint whole, uint decimals) = ((uint)(scaled / Millionths), (uint)(scaled % Millionths));
        whole.TryFormat(room, out int point, default, CultureInfo.InvariantCulture);
        room[point] = (byte)'.';
        Span<byte> digits = room.Slice(point + 1, 6);
        Pair(decimals / 10_000).CopyTo(digits);
        Pair(decimals / 100 % 100).CopyTo(digits[2..]);
        Pair(decimals % 100).CopyTo(digits[4..]);
        int count = decimals % 10_000 == 0 ? 2 : decimals % 100 == 0 ? 4 : 6;
        written = point + 1 + (digits[count - 1] == '0' ? count - 1 : count);
        return true;
    }

    /// <summary>Two digits.</summary>
    private static ReadOnlySpan<byte> Pair(uint value) => Pairs.Slice((int)value * 2, 2);

    private static int Write(ulong digits, int power, Span<byte> room)
    {
        Span<byte> text = stackalloc byte[MostDigits];
        digits.TryFormat(text, out int count, default, CultureInfo.InvariantCulture);
        text = text[..count];
        int pointAt = count + power;
        if (pointAt - 1 is <= FirstSmallExponent or >= FirstLargeExponent)
        {
            return WithExponent(text, pointAt - 1, room);
        }

        if (pointAt <= 0)
        {
            room[..(2 - pointAt)].Fill((byte)'0');
            room[1] = (byte)'.';
            text.CopyTo(room[(2 - pointAt)..]);
            return 2 - pointAt + count;
        }

        if (pointAt >= count)
        {
            text.CopyTo(room);
            room[count..pointAt].Fill((byte)'0');
            ".0"u8.CopyTo(room[pointAt..]);
            return pointAt + 2;
        }

        text[..pointAt].CopyTo(room);
        room[pointAt] = (byte)'.';
        text[pointAt..].CopyTo(room[(pointAt + 1)..]);
        return count + 1;
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
