using System.Globalization;

namespace Gaw.Json.Floats;

/// <summary>Writes doubles of at most six decimals without a search for their shortest digits.</summary>
internal static class FewDecimals
{
    /// <summary>Decimals up to six are found by one division.</summary>
    private const long Millionths = 1_000_000;

    /// <summary>Below this, a double in millionths has at most 15 digits; these tell all doubles apart.</summary>
    private const double PlainDecimals = 1e9;

    /// <summary>Below this there is an exponent.</summary>
    private const double SmallestPlain = 1e-4;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    /// <summary>
    /// The short way for prices and measurements. Where a decimal of at most 15 digits is nearest to the double, no other one of so few digits is; so its digits are the shortest.
    /// The division is exactly rounded, as both its numbers are exact.
    /// </summary>
    public static bool TryWrite(double value, Span<byte> room, out int written)
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
        if (decimals == 0)
        {
            room[point + 1] = (byte)'0';
            written = point + 2;
            return true;
        }

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
}
