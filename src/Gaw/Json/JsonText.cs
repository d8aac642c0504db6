using System.Buffers;
using System.Text;

namespace Gaw.Json;

/// <summary>A text as it stands in the document, without its quotes; its escapes are known to be well formed.</summary>
internal readonly ref struct JsonText(ReadOnlySpan<byte> raw, bool hasEscapes, bool isAscii = false)
{
    private const int StackChars = 256;

    /// <summary>All bytes of <see cref="Raw"/> are ASCII, so widening them gives the text.</summary>
    private readonly bool _isAscii = isAscii;

    /// <summary>The bytes between the quotes.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether <see cref="Raw"/> holds a backslash, so that it is not yet the text itself.</summary>
    public bool HasEscapes { get; } = hasEscapes;

    /// <summary>Whether the text, its escapes resolved, is the given one.</summary>
    public bool Equals(ReadOnlySpan<byte> utf8) => HasEscapes ? EqualsUnescaped(utf8) : Raw.SequenceEqual(utf8);

    /// <summary>The text itself; a lone surrogate stays one.</summary>
    public override string ToString() => HasEscapes ? Unescape() : _isAscii ? Encoding.Latin1.GetString(Raw) : Encoding.UTF8.GetString(Raw);

    /// <summary>Whether all bytes are hexadecimal digits.</summary>
    public static bool AreHex(ReadOnlySpan<byte> digits)
    {
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        return true;
    }

    private bool EqualsUnescaped(ReadOnlySpan<byte> utf8) => Unescape() == Encoding.UTF8.GetString(utf8);

    private string Unescape()
    {
        char[]? rented = null;
        Span<char> chars = Raw.Length <= StackChars ? stackalloc char[StackChars] : (rented = ArrayPool<char>.Shared.Rent(Raw.Length));
        ReadOnlySpan<byte> rest = Raw;
        int count = 0;
        while (!rest.IsEmpty)
        {
            if (rest[0] != '\\')
            {
                int plain = rest.IndexOf((byte)'\\');
                plain = plain < 0 ? rest.Length : plain;
                count += Encoding.UTF8.GetChars(rest[..plain], chars[count..]);
                rest = rest[plain..];
            }
            else if (rest[1] == 'u')
            {
                chars[count++] = Unit(rest.Slice(2, 4));
                rest = rest[6..];
            }
            else
            {
                chars[count++] = Meaning(rest[1]);
                rest = rest[2..];
            }
        }

        string text = new(chars[..count]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return text;
    }

    /// <summary>The UTF-16 unit of four hexadecimal digits: a letter has bit 6 set, and its lowest four bits are 9 less than its value.</summary>
    private static char Unit(ReadOnlySpan<byte> digits)
    {
        int unit = 0;
        foreach (byte digit in digits)
        {
            unit = (unit << 4) | ((digit & 0xF) + ((digit >> 6) * 9));
        }

        return (char)unit;
    }

    private static char Meaning(byte escaped) => escaped switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)escaped,
    };
}
