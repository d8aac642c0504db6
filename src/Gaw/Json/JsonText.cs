using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gaw.Json;

/// <summary>A text as it stands in the document, without its quotes; its escapes are known to be well formed.</summary>
internal readonly ref struct JsonText(ReadOnlySpan<byte> raw, bool hasEscapes)
{
    private const int StackChars = 256;

    /// <summary>The bytes between the quotes.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether <see cref="Raw"/> holds a backslash, so that it is not yet the text itself.</summary>
    public bool HasEscapes { get; } = hasEscapes;

    /// <summary>Whether the text, its escapes resolved, is the given one.</summary>
    public bool Equals(ReadOnlySpan<byte> utf8) => HasEscapes ? EqualsUnescaped(utf8) : Raw.SequenceEqual(utf8);

    /// <summary>The text itself; a lone surrogate stays one.</summary>
    public override string ToString() => HasEscapes ? Unescape() : Encoding.UTF8.GetString(Raw);

    private bool EqualsUnescaped(ReadOnlySpan<byte> utf8) => Unescape() == Encoding.UTF8.GetString(utf8);

    private string Unescape()
    {
        char[]? rented = null;
        Span<char> chars = Raw.Length <= StackChars ? stackalloc char[StackChars] : (rented = ArrayPool<char>.Shared.Rent(Raw.Length));
        ReadOnlySpan<byte> rest = Raw;
        int count = 0;
        while (true)
        {
            int plain = rest.IndexOf((byte)'\\');
            count += Encoding.UTF8.GetChars(plain < 0 ? rest : rest[..plain], chars[count..]);
            if (plain < 0)
            {
                break;
            }

            byte escaped = rest[plain + 1];
            if (escaped == 'u')
            {
                chars[count++] = (char)ushort.Parse(rest.Slice(plain + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                rest = rest[(plain + 6)..];
            }
            else
            {
                chars[count++] = Meaning(escaped);
                rest = rest[(plain + 2)..];
            }
        }

        string text = new(chars[..count]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return text;
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
