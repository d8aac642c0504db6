using System.Buffers;
using System.Text;

namespace Gaw.Json;

internal sealed partial class JsonWriter
{
    private const int EscapeLength = 6;

    private static readonly SearchValues<char> PlainChars = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>Writes a text. Everything outside printable ASCII is escaped, each UTF-16 unit by itself, so lone surrogates stay.</summary>
    public void String(ReadOnlySpan<char> text)
    {
        BeforeValue();
        QuotedText(text);
        _needsComma = true;
    }

    private void QuotedText(ReadOnlySpan<char> text)
    {
        Reserve(1)[0] = (byte)'"';
        Advance(1);
        while (true)
        {
            int plain = text.IndexOfAnyExcept(PlainChars);
            PlainText(plain < 0 ? text : text[..plain]);
            if (plain < 0)
            {
                break;
            }

            text = text[plain..];
            int escapes = 0;
            while (escapes < text.Length && !PlainChars.Contains(text[escapes]))
            {
                Escape(text[escapes++]);
            }

            text = text[escapes..];
        }

        Reserve(1)[0] = (byte)'"';
        Advance(1);
    }

    private void PlainText(ReadOnlySpan<char> ascii)
    {
        if (ascii.Length > _limit)
        {
            throw new GawSerializationException($"The document has {(long)Length + ascii.Length} bytes or more, above the limit of {MaxLength} bytes.");
        }

        Ascii.FromUtf16(ascii, Reserve(ascii.Length), out int written);
        Advance(written);
    }

    private void Escape(char character)
    {
        Span<byte> room = Reserve(EscapeLength);
        room[0] = (byte)'\\';
        byte letter = character switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => (byte)'u',
        };
        room[1] = letter;
        if (letter != 'u')
        {
            Advance(2);
            return;
        }

        room[2] = HexDigits[character >> 12];
        room[3] = HexDigits[(character >> 8) & 0xF];
        room[4] = HexDigits[(character >> 4) & 0xF];
        room[5] = HexDigits[character & 0xF];
        Advance(EscapeLength);
    }
}
