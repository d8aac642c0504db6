using System.Numerics;

namespace Gaw.Json.Floats;

/// <summary>Makes the nearest double of a decimal.</summary>
internal static class DecimalFloat
{
    /// <summary>Up to this mantissa, and with these powers, both numbers are exact, and so one division rounds but once (Clinger 1990).</summary>
    private const ulong ExactMantissa = 1UL << 53;

    private const int MantissaBits = 53;

    /// <summary>The most digits that always fit a mantissa of 64 bits.</summary>
    private const int MostDigits = 19;

    /// <summary>The bias for an integral mantissa, less the one that its highest bit adds.</summary>
    private const int ExponentBias = 1074;

    private static ReadOnlySpan<double> ExactPowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Reads a number as it stands in JSON, in one pass: of either kind, with an ordinary number of digits and no exponent.</summary>
    /// <param name="text">Begins with the number.</param>
    /// <param name="maxDigits">Digits in front of the point.</param>
    /// <param name="value">The number; an integer has no negative zero.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns><see langword="false"/>: it is another number, or none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, int maxDigits, out double value, out int length)
    {
        value = 0;
        int firstDigit = !text.IsEmpty && text[0] == '-' ? 1 : 0;
        length = firstDigit;
        ulong mantissa = 0;
        while ((uint)length < (uint)text.Length && (uint)(text[length] - '0') <= 9)
        {
            mantissa = (mantissa * 10) + (uint)(text[length++] - '0');
        }

        int digits = length - firstDigit;
        if (digits == 0 || (digits > 1 && text[firstDigit] == '0') || digits > maxDigits)
        {
            return false;
        }

        int decimals = 0;
        bool hasPoint = (uint)length < (uint)text.Length && text[length] == '.';
        if (hasPoint)
        {
            int firstDecimal = ++length;
            while ((uint)length < (uint)text.Length && (uint)(text[length] - '0') <= 9)
            {
                mantissa = (mantissa * 10) + (uint)(text[length++] - '0');
            }

            decimals = length - firstDecimal;
        }

        if ((hasPoint && decimals == 0) || digits + decimals > MostDigits || ((uint)length < (uint)text.Length && text[length] is (byte)'e' or (byte)'E')
            || !TryMake(mantissa, decimals, out double magnitude))
        {
            return false;
        }

        value = firstDigit == 1 && (mantissa != 0 || hasPoint) ? -magnitude : magnitude;
        return true;
    }

    /// <summary>Makes <c>mantissa / 10^decimals</c>, rounded to the nearest double.</summary>
    /// <param name="mantissa">Any.</param>
    /// <param name="decimals">0 to 22.</param>
    /// <param name="value">The double.</param>
    /// <returns><see langword="false"/>: it lies so near the middle of two doubles that it takes more digits to tell which is nearer.</returns>
    public static bool TryMake(ulong mantissa, int decimals, out double value)
    {
        if (mantissa <= ExactMantissa)
        {
            value = mantissa / ExactPowersOfTen[decimals];
            return true;
        }

        return TryRound(mantissa, decimals, out value);
    }

    /// <summary>
    /// Multiplies with a power of ten of 128 bits that is too large by less than one unit. So the product of 192 bits, cut to its upper 128, is off by less than one unit either way, and
    /// the 53 bits of the double are certain unless the rest is one half.
    /// </summary>
    private static bool TryRound(ulong mantissa, int decimals, out double value)
    {
        PowersOfTen.Get(-decimals, out ulong high, out ulong low);
        int shift = BitOperations.LeadingZeroCount(mantissa);
        ulong scaled = mantissa << shift;
        ulong carry = Math.BigMul(scaled, low, out _);
        ulong upper = Math.BigMul(scaled, high, out ulong middle);
        middle += carry;
        upper += middle < carry ? 1UL : 0;

        int spare = 64 - MantissaBits - BitOperations.LeadingZeroCount(upper);
        ulong rest = upper & ((1UL << spare) - 1);
        ulong half = 1UL << (spare - 1);
        if (rest == half && middle == 0)
        {
            value = 0;
            return false;
        }

        // A carry out of the 53 bits goes into the exponent, where it belongs; so does the highest of them, which is not stored.
        ulong rounded = (upper >> spare) + (rest >= half ? 1UL : 0);
        int exponent = spare - shift + PowersOfTen.FloorLog2(-decimals) + 1;
        value = BitConverter.UInt64BitsToDouble(((ulong)(exponent + ExponentBias) << (MantissaBits - 1)) + rounded);
        return true;
    }
}
