using System.Numerics;

namespace Gaw.Json.Floats;

/// <summary>The powers of ten from 10^-292 to 10^324, with 128 bits each: more than the 126 that the digits of a double need at most.</summary>
internal static class PowersOfTen
{
    private const int Smallest = -292;
    private const int Largest = 324;
    private const int Bits = 128;

    /// <summary>The upper and the lower half of each. Computed: 10 KB as literals could not be read by anybody.</summary>
    private static readonly ulong[] Halves = Compute();

    /// <summary>The power, scaled to 128 bits and too large by at most one unit: <c>floor(10^power * 2^(127 - FloorLog2(power))) + 1</c>.</summary>
    public static void Get(int power, out ulong high, out ulong low)
    {
        int index = (power - Smallest) * 2;
        low = Halves[index + 1];
        high = Halves[index];
    }

    /// <summary><c>floor(log2(10^power))</c>.</summary>
    public static int FloorLog2(int power) => (power * 1741647) >> 19;

    private static ulong[] Compute()
    {
        ulong[] halves = new ulong[(Largest - Smallest + 1) * 2];
        for (int power = Smallest; power <= Largest; power++)
        {
            int shift = Bits - 1 - FloorLog2(power);
            BigInteger scaled = power < 0 ? (BigInteger.One << shift) / BigInteger.Pow(10, -power)
                : shift >= 0 ? BigInteger.Pow(10, power) << shift
                : BigInteger.Pow(10, power) >> -shift;
            UInt128 rounded = (UInt128)(scaled + 1);
            halves[(power - Smallest) * 2] = (ulong)(rounded >> 64);
            halves[((power - Smallest) * 2) + 1] = (ulong)rounded;
        }

        return halves;
    }
}
