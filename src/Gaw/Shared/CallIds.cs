using System.Buffers.Text;
using System.Globalization;
using Gaw.Json;

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

    /// <summary>So many keys there are; then they begin anew.</summary>
    public const int KeysInAll = 1_000_000_000;

    private const int LifetimeMilliseconds = 50;

    private readonly TimeProvider _time;

    /// <summary>Replaced as a whole; pairs with the read in <see cref="Next"/>. Two threads that replace it at once both have a fresh one.</summary>
    private CallIdPrefix _prefix;

    /// <summary>A counter: the increment pairs with itself, each call has a key of its own.</summary>
    private int _key;

    public CallIds(TimeProvider time)
    {
        _time = time;
        _prefix = CallIdPrefix.Create(_time);
    }

    /// <summary>A number that changes with each id that is given.</summary>
    public int Issued => Volatile.Read(ref _key);

    /// <summary>The next id: a prefix to be followed by the key in nine digits.</summary>
    public byte[] Next(out int key)
    {
        uint count = (uint)Interlocked.Increment(ref _key);
        key = (int)(count % KeysInAll);
        CallIdPrefix prefix = Volatile.Read(ref _prefix);
        if (Environment.TickCount64 - prefix.MadeAt > LifetimeMilliseconds)
        {
            prefix = CallIdPrefix.Create(_time);
            Volatile.Write(ref _prefix, prefix);
        }

        return prefix.Digits;
    }

    /// <summary>
    /// Ids from now on are made now. A server with a replay window takes none from before its start, so a call on a new connection must not
    /// carry the time of the old one.
    /// </summary>
    public void Renew() => Volatile.Write(ref _prefix, CallIdPrefix.Create(_time));

    /// <summary>The key of an id, or -1 where this class cannot have made it.</summary>
    public static int GetKey(ReadOnlySpan<byte> id) =>
        id.Length is > KeyDigits and <= MaxDigits && Utf8Parser.TryParse(id[^KeyDigits..], out int key, out int used) && used == KeyDigits && key >= 0 ? key : -1;

    /// <summary>The number that an id is: decimal digits and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> id, out UInt128 number) => UInt128.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Consumes an id as it stands in a list.</summary>
    /// <returns><see langword="false"/>: it is none, and may have been consumed.</returns>
    public static bool TryRead(ref JsonReader reader, out UInt128 number)
    {
        number = default;
        return reader.Peek() == JsonKind.Integer && TryParse(reader.ReadNumber(), out number);
    }

    public static void WriteKey(Span<byte> nineDigits, int key)
    {
        uint rest = (uint)key;
        for (int i = KeyDigits - 1; i >= 0; i--)
        {
            (rest, uint digit) = Math.DivRem(rest, 10);
            nineDigits[i] = (byte)('0' + digit);
        }
    }
}
