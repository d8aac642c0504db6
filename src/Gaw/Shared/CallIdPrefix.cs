using System.Buffers.Binary;

namespace Gaw.Shared;

/// <summary>The digits in front of the keys of <see cref="CallIds"/>: the moment, and bits that nobody can guess.</summary>
/// <param name="Digits">Decimal, without the last nine.</param>
/// <param name="MadeAt">When, by <see cref="Environment.TickCount64"/>.</param>
internal sealed record CallIdPrefix(byte[] Digits, long MadeAt)
{
    /// <summary>A prefix of this moment.</summary>
    public static CallIdPrefix Create(TimeProvider time)
    {
        // 48 bits of Unix time in milliseconds, version 7, 12 random bits; variant 10, then 62 bits: random, but with room to count up in.
        ulong random = CreateRandom();
        ulong high = ((ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | 0x7000 | (random >> 52);
        ulong low = 0x8000_0000_0000_0000 | ((random & 0x0FFF_FFFF_FFFF_FFFF) + CallIds.KeysInAll);
        return new CallIdPrefix(ToDecimal(high, low), Environment.TickCount64);
    }

    /// <summary>The decimal digits of a 128-bit number, without the last nine. The types for such numbers are compiled when a program starts; this is not.</summary>
    private static byte[] ToDecimal(ulong high, ulong low)
    {
        Span<uint> number = [(uint)(high >> 32), (uint)high, (uint)(low >> 32), (uint)low];
        Span<byte> digits = stackalloc byte[4 * CallIds.KeyDigits];
        DivideByKeysInAll(number);
        for (int start = digits.Length - CallIds.KeyDigits; start >= 0; start -= CallIds.KeyDigits)
        {
            CallIds.WriteKey(digits.Slice(start, CallIds.KeyDigits), (int)DivideByKeysInAll(number));
        }

        return digits.TrimStart((byte)'0').ToArray();
    }

    /// <summary>Divides a number of four 32-bit digits, the highest first, in place.</summary>
    /// <returns>The remainder.</returns>
    private static ulong DivideByKeysInAll(Span<uint> number)
    {
        ulong rest = 0;
        foreach (ref uint digit in number)
        {
            (ulong quotient, rest) = Math.DivRem((rest << 32) | digit, CallIds.KeysInAll);
            digit = (uint)quotient;
        }

        return rest;
    }

    /// <summary>
    /// 64 bits from the system's generator, by way of a random UUID: each half of it has fixed bits where the other has none. The usual class for this
    /// loads a library for cryptography first, and a program that makes one call waits for that.
    /// </summary>
    private static ulong CreateRandom()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
    }
}
