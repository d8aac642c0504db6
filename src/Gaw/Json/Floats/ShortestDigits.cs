namespace Gaw.Json.Floats;

/// <summary>
/// The decimal with the fewest digits that reads back as the same binary float, and among those the nearest: the digits of Python's <c>repr</c>. By the method of
/// R. Giulietti, "The Schubfach way to render doubles": of two neighbouring multiples of a power of ten that is as large as the float's unit, at least one reads back.
/// </summary>
internal static class ShortestDigits
{
    private const int DoubleFractionBits = 52;
    private const int DoubleExponents = 0x7FF;
    private const int SmallestDoubleExponent = -1074;
    private const int SingleFractionBits = 23;
    private const int SingleExponents = 0xFF;
    private const int SmallestSingleExponent = -149;

    /// <summary>The digits of a double.</summary>
    /// <param name="value">Finite and above 0.</param>
    /// <param name="power">The power of ten that the digits are multiplied with.</param>
    /// <returns>The digits, without zeros at the end.</returns>
    public static ulong Of(double value, out int power)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        return Of(bits & ((1UL << DoubleFractionBits) - 1), (int)(bits >> DoubleFractionBits) & DoubleExponents, DoubleFractionBits, SmallestDoubleExponent, out power);
    }

    /// <inheritdoc cref="Of(double, out int)"/>
    public static ulong Of(float value, out int power)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return Of(bits & ((1U << SingleFractionBits) - 1), (int)(bits >> SingleFractionBits) & SingleExponents, SingleFractionBits, SmallestSingleExponent, out power);
    }

    private static ulong Of(ulong fraction, int biased, int fractionBits, int smallestExponent, out int power)
    {
        // The float is mantissa * 2^exponent. Below a power of two the next float is only half as far away as above it.
        bool isSubnormal = biased == 0;
        ulong mantissa = isSubnormal ? fraction : fraction | (1UL << fractionBits);
        int exponent = smallestExponent + (isSubnormal ? 0 : biased - 1);
        bool isNearBelow = fraction == 0 && biased > 1;

        // In units of 10^power, which are not larger than the distance of two floats: four times the middle to the float below, the float, and the middle to the float above.
        power = isNearBelow ? FloorLog10OfThreeQuarters(exponent) : FloorLog10(exponent);
        int shift = exponent + PowersOfTen.FloorLog2(-power) + 1;
        PowersOfTen.Get(-power, out ulong high, out ulong low);
        ulong four = mantissa << 2;
        ulong value = MultiplyToOdd(high, low, four << shift);
        ulong isOdd = mantissa & 1;
        ulong lower = MultiplyToOdd(high, low, (four - (isNearBelow ? 1UL : 2)) << shift) + isOdd;
        ulong upper = MultiplyToOdd(high, low, (four + 2) << shift) - isOdd;

        // What lies on a middle reads back as the even neighbour: hence the ones. First the multiples of ten units, of which at most one can read back.
        ulong units = value >> 2;
        ulong tens = units / 10 * 10;
        if (units >= 10 && (lower <= tens << 2) != ((tens + 10) << 2 <= upper))
        {
            return Trim((tens << 2) >= lower ? tens : tens + 10, ref power);
        }

        bool isBelowInside = lower <= units << 2;
        bool isAboveInside = (units + 1) << 2 <= upper;
        ulong middle = (units << 2) + 2;
        bool roundsUp = isBelowInside == isAboveInside ? value > middle || (value == middle && (units & 1) == 1) : isAboveInside;
        return Trim(roundsUp ? units + 1 : units, ref power);
    }

    /// <summary>Takes the zeros off the end.</summary>
    private static ulong Trim(ulong digits, ref int power)
    {
        while (true)
        {
            (ulong tenth, ulong last) = Math.DivRem(digits, 10);
            if (last != 0)
            {
                return digits;
            }

            digits = tenth;
            power++;
        }
    }

    /// <summary>The upper 64 bits of the product of 192. The last is set where anything was cut off: enough to tell on which side of a bound the product lies.</summary>
    private static ulong MultiplyToOdd(ulong high, ulong low, ulong factor)
    {
        ulong carry = Math.BigMul(low, factor, out _);
        ulong upper = Math.BigMul(high, factor, out ulong middle);
        middle += carry;
        upper += middle < carry ? 1UL : 0;

        // The power is too large by less than one unit, which alone must not count.
        return upper | (middle > 1 ? 1UL : 0);
    }

    /// <summary><c>floor(log10(2^exponent))</c>.</summary>
    private static int FloorLog10(int exponent) => (exponent * 1262611) >> 22;

    /// <summary><c>floor(log10(3/4 * 2^exponent))</c>.</summary>
    private static int FloorLog10OfThreeQuarters(int exponent) => ((exponent * 1262611) - 524031) >> 22;
}
