using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gaw.Json;

/// <summary>Text that needs no escape in a document. Scanned in blocks, since most texts fit one or two of them.</summary>
internal static class PlainText
{
    /// <summary>Longer text is left to the framework, which scans larger blocks but starts slowly.</summary>
    private const int LongestShort = 64;

    private static readonly SearchValues<byte> End = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\"u8);

    /// <summary>The number of bytes in front of the first quote, backslash or control character, or of the end.</summary>
    /// <param name="rest">Valid UTF-8.</param>
    /// <param name="isAscii">All of them are known to be ASCII.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int LengthOf(ReadOnlySpan<byte> rest, out bool isAscii)
    {
        isAscii = true;
        int at = 0;
        for (; at < LongestShort && at <= rest.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            Vector128<byte> block = Vector128.Create(rest.Slice(at, Vector128<byte>.Count));
            Vector128<byte> ends = Vector128.Equals(block, Vector128.Create((byte)'"')) | Vector128.Equals(block, Vector128.Create((byte)'\\')) | Vector128.LessThan(block, Vector128.Create((byte)' '));
            uint stop = ends.ExtractMostSignificantBits();
            uint foreign = block.ExtractMostSignificantBits();
            if (stop != 0)
            {
                // The bits in front of the first set bit.
                isAscii &= (foreign & (stop - 1) & ~stop) == 0;
                return at + BitOperations.TrailingZeroCount(stop);
            }

            isAscii &= foreign == 0;
        }

        if (at >= LongestShort)
        {
            isAscii = false;
            return at + LengthOfLong(rest[at..]);
        }

        while (at < rest.Length && rest[at] >= ' ' && rest[at] is not ((byte)'"' or (byte)'\\'))
        {
            isAscii &= rest[at++] < 0x80;
        }

        return at;
    }

    /// <summary>As <see cref="LengthOf"/>, for a text that is probably long.</summary>
    public static int LengthOfLong(ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOfAny(End);
        return end < 0 ? rest.Length : end;
    }

    /// <summary>Narrows characters to bytes as long as they are printable ASCII without quotes and backslashes.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="room">At least as long.</param>
    /// <returns>The number of narrowed characters. Fewer than possible where an escape ends a block.</returns>
    public static int Narrow(ReadOnlySpan<char> text, Span<byte> room)
    {
        ref ushort from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref byte to = ref MemoryMarshal.GetReference(room[..text.Length]);
        int step = Vector128<ushort>.Count;
        int at = 0;
        for (; at <= text.Length - step; at += step)
        {
            if (!TryNarrow(ref from, ref to, at))
            {
                return at;
            }
        }

        // The last block overlaps with characters that are narrowed already: it is full then.
        if (at < text.Length && at > 0)
        {
            return TryNarrow(ref from, ref to, text.Length - step) ? text.Length : at;
        }

        while (at < text.Length && IsPlain(text[at]))
        {
            room[at] = (byte)text[at++];
        }

        return at;
    }

    private static bool IsPlain(char character) => character is >= ' ' and <= '~' and not ('"' or '\\');

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNarrow(ref ushort from, ref byte to, int at)
    {
        Vector128<ushort> block = Vector128.LoadUnsafe(ref from, (nuint)at);
        Vector128<ushort> others = Vector128.GreaterThan(block - Vector128.Create((ushort)' '), Vector128.Create((ushort)('~' - ' ')))
            | Vector128.Equals(block, Vector128.Create((ushort)'"')) | Vector128.Equals(block, Vector128.Create((ushort)'\\'));
        if (others != Vector128<ushort>.Zero)
        {
            return false;
        }

        Vector128.Narrow(block, block).GetLower().StoreUnsafe(ref to, (nuint)at);
        return true;
    }
}
