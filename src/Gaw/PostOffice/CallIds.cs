using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Gaw.PostOffice;

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
    private Prefix _prefix;
    private int _key;

    public CallIds(TimeProvider time)
    {
        _time = time;
        _prefix = CreatePrefix();
    }

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

    /// <summary>The key of an id, or -1 where this class cannot have made it.</summary>
    public static int GetKey(ReadOnlySpan<byte> id) =>
        id.Length is > KeyDigits and <= MaxDigits && Utf8Parser.TryParse(id[^KeyDigits..], out int key, out int used) && used == KeyDigits && key >= 0 ? key : -1;

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
        ulong random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        ulong high = ((ulong)_time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | 0x7000 | (random >> 52);
        ulong low = 0x8000_0000_0000_0000 | ((random & 0x0FFF_FFFF_FFFF_FFFF) + KeysInAll);
        BigInteger prefix = ((new BigInteger(high) << 64) + low) / KeysInAll;
        return new Prefix(System.Text.Encoding.ASCII.GetBytes(prefix.ToString(CultureInfo.InvariantCulture)), Environment.TickCount64);
    }

    private sealed record Prefix(byte[] Digits, long MadeAt);
}
