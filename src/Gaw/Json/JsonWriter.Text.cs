using System.Buffers;

namespace Gaw.Json;

internal sealed partial class JsonWriter
{
    private const int EscapeLength = 6;

    /// <summary>Texts up to this length are checked and narrowed in one pass. In longer ones, a pass that an escape ends would cost too much.</summary>
    private const int LongestAtOnce = 64;

    private static readonly SearchValues<char> PlainChars = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>Writes a name of any characters; its value comes next.</summary>
    public void Name(string name)
    {
        BeforeValue();
        QuotedText(name);
        AfterName();
    }

    /// <summary>Writes a name of printable ASCII without quotes and backslashes; its value comes next.</summary>
    public void Name(ReadOnlySpan<byte> asciiUtf8)
    {
        const int Punctuation = 6;
        Span<byte> room = Reserve(asciiUtf8.Length + Punctuation);
        int at = 0;
        if (_needsComma)
        {
            room[at++] = (byte)',';
            room[at++] = (byte)' ';
        }

        room[at++] = (byte)'"';
        asciiUtf8.CopyTo(room[at..]);
        at += asciiUtf8.Length;
        room[at++] = (byte)'"';
        room[at++] = (byte)':';
        room[at++] = (byte)' ';
        _needsComma = false;
        Advance(at);
    }

    /// <summary>Writes a name as <see cref="NameRun"/> gives it; its value comes next.</summary>
    public void Name(NameRun name)
    {
        ReadOnlySpan<byte> run = _needsComma ? name.Bytes : name.WithoutComma;
        run.CopyTo(Reserve(run.Length));
        _needsComma = false;
        Advance(run.Length);
    }

    /// <summary>Writes a text. Everything outside printable ASCII is escaped, each UTF-16 unit by itself, so lone surrogates stay.</summary>
    public void String(ReadOnlySpan<char> text)
    {
        BeforeValue();
        QuotedText(text);
        _needsComma = true;
    }

    private void AfterName()
    {
        Span<byte> room = Reserve(2);
        room[0] = (byte)':';
        room[1] = (byte)' ';
        Advance(2);
        _needsComma = false;
    }

    private void QuotedText(ReadOnlySpan<char> text)
    {
        const int Quotes = 2;
        if (text.Length <= LongestAtOnce)
        {
            Span<byte> room = Reserve(text.Length + Quotes);
            int narrowed = PlainText.Narrow(text, room[1..]);
            if (narrowed == text.Length)
            {
                room[0] = (byte)'"';
                room[narrowed + 1] = (byte)'"';
                Advance(narrowed + Quotes);
                return;
            }
        }

        QuotedLongText(text);
    }

    private void QuotedLongText(ReadOnlySpan<char> text)
    {
        Reserve(1)[0] = (byte)'"';
        Advance(1);
        while (true)
        {
            int plain = text.IndexOfAnyExcept(PlainChars);
            Ascii(plain < 0 ? text : text[..plain]);
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

    private void Ascii(ReadOnlySpan<char> ascii)
    {
        if (ascii.Length > _limit)
        {
            ThrowTooLong((long)Length + ascii.Length);
        }

        System.Text.Ascii.FromUtf16(ascii, Reserve(ascii.Length), out int written);
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
