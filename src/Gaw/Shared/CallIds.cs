using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace Gaw.Shared;

/// <summary>
/// Ids of calls: 128-bit integers with the layout of a version 7 UUID (RFC 9562), so that a server can see when a call was made. On the wire
/// an id is decimal digits; the last nine are a number that counts up, the ones before them are made anew all the time.
/// </summary>
internal sealed class CallIds
{
    /// <summary>Decimal digits of the counting part; an id is its prefix followed by these.</summary>
    public const int KeyDigits = 9;

    /// <summary>The most digits an id has.</summary>
    public const int MaxDigits = 39;

    private const int KeysInAll = 1_000_000_000;
    private const int LifetimeMilliseconds = 50;

    private readonly TimeProvider _time;

    /// <summary>Replaced as a whole; pairs with the read in <see cref="Next"/>. Two threads that replace it at once both have a fresh one.</summary>
    private Prefix _prefix;

    /// <summary>A counter: the increment pairs with itself, each call has a key of its own.</summary>
    private int _key;

    public CallIds(TimeProvider time)
    {
        _time = time;
        _prefix = CreatePrefix();
    }

    /// <summary>A number that changes with each id that is given.</summary>
    public int Issued => Volatile.Read(ref _key);

    /// <summary>The next id: a prefix to be followed by the key in nine digits.</summary>
    public byte[] Next(out int key)
    {
        uint count = (uint)Interlocked.Increment(ref _key);
        key = (int)(count % KeysInAll);
        Prefix prefix = Volatile.Read(ref _prefix);
        if (Environment.TickCount64 - prefix.MadeAt > LifetimeMilliseconds)
        {
            prefix = CreatePrefix();
            Volatile.Write(ref _prefix, prefix);
        }

        return prefix.Digits;
    }

    /// <summary>
    /// Ids from now on are made now. A server with a replay window takes none from before its start, so a call on a new connection must not
    /// carry the time of the old one.
    /// </summary>
    public void Renew() => Volatile.Write(ref _prefix, CreatePrefix());

    /// <summary>The key of an id, or -1 where this class cannot have made it.</summary>
    public static int GetKey(ReadOnlySpan<byte> id) =>
        id.Length is > KeyDigits and <= MaxDigits && Utf8Parser.TryParse(id[^KeyDigits..], out int key, out int used) && used == KeyDigits && key >= 0 ? key : -1;

    /// <summary>The number that an id is: decimal digits and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> id, out UInt128 number) => UInt128.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public static void WriteKey(Span<byte> nineDigits, int key)
    {
        uint rest = (uint)key;
        for (int i = KeyDigits - 1; i >= 0; i--)
        {
            (rest, uint digit) = Math.DivRem(rest, 10);
            nineDigits[i] = (byte)('0' + digit);
        }
    }

    private Prefix CreatePrefix()
    {
        // 48 bits of Unix time in milliseconds, version 7, 12 random bits; variant 10, then 62 bits: random, but with room to count up in.
        ulong random = CreateRandom();
        ulong high = ((ulong)_time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | 0x7000 | (random >> 52);
        ulong low = 0x8000_0000_0000_0000 | ((random & 0x0FFF_FFFF_FFFF_FFFF) + KeysInAll);
        return new Prefix(ToDecimal(high, low), Environment.TickCount64);
    }

    /// <summary>The decimal digits of a 128-bit number, without the last nine. The types for such numbers are compiled when a program starts; this is not.</summary>
    private static byte[] ToDecimal(ulong high, ulong low)
    {
        Span<uint> number = [(uint)(high >> 32), (uint)high, (uint)(low >> 32), (uint)low];
        Span<byte> digits = stackalloc byte[4 * KeyDigits];
        DivideByKeysInAll(number);
        for (int start = digits.Length - KeyDigits; start >= 0; start -= KeyDigits)
        {
            WriteKey(digits.Slice(start, KeyDigits), (int)DivideByKeysInAll(number));
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
            (ulong quotient, rest) = Math.DivRem((rest << 32) | digit, KeysInAll);
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

    private sealed record Prefix(byte[] Digits, long MadeAt);
}
