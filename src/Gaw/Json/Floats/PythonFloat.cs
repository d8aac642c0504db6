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

        return FewDecimals.TryWrite(value, room, out int written) ? written : Write(ShortestDigits.Of(value, out int power), power, room);
    }

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
