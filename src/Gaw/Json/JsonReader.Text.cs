using System.Buffers;

namespace Gaw.Json;

/// <content>Texts and names.</content>
internal ref partial struct JsonReader
{
    /// <summary>Texts up to this length, most names among them, are found faster byte by byte.</summary>
    private const int ShortText = 16;

    private static readonly SearchValues<byte> EndOfPlainText = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\"u8);

    /// <summary>Consumes a text.</summary>
    public JsonText ReadText()
    {
        SkipWhiteSpace();
        if (!IsAt((byte)'"'))
        {
            throw Unexpected("a text");
        }

        CountValue();
        return ScanText();
    }

    /// <summary>Consumes a text; a lone surrogate stays one.</summary>
    public string ReadString() => ReadText().ToString();

    private JsonText ScanName()
    {
        if (!IsAt((byte)'"'))
        {
            throw Unexpected("a name in double quotes");
        }

        JsonText name = ScanText();
        SkipWhiteSpace();
        if (!IsAt((byte)':'))
        {
            throw Unexpected("a colon");
        }

        _position++;
        return name;
    }

    private JsonText ScanText()
    {
        int start = _position + 1;
        ReadOnlySpan<byte> rest = _json[start..];
        int length = 0;
        while (length < rest.Length && rest[length] >= ' ' && rest[length] is not ((byte)'"' or (byte)'\\'))
        {
            if (++length == ShortText)
            {
                int more = rest[ShortText..].IndexOfAny(EndOfPlainText);
                length = more < 0 ? rest.Length : ShortText + more;
                break;
            }
        }

        if (length < rest.Length && rest[length] == '"')
        {
            _position = start + length + 1;
            return new JsonText(rest[..length], hasEscapes: false);
        }

        return ScanEscapedText(start, start + length);
    }

    private JsonText ScanEscapedText(int start, int end)
    {
        while (end < _json.Length && _json[end] != '"')
        {
            _position = end;
            end += _json[end] == '\\' ? EscapeLength(end + 1) : throw Fault("a control character stands in a text; it must be escaped.");
            int plain = _json[end..].IndexOfAny(EndOfPlainText);
            end = plain < 0 ? _json.Length : end + plain;
        }

        if (end == _json.Length)
        {
            _position = end;
            throw Unexpected("the closing quote of a text");
        }

        _position = end + 1;
        return new JsonText(_json[start..end], hasEscapes: true);
    }

    private readonly int EscapeLength(int letter)
    {
        if (letter >= _json.Length)
        {
            throw Fault("the document ends inside an escape.");
        }

        switch (_json[letter])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            case (byte)'u' when letter + 4 < _json.Length && AreHex(_json.Slice(letter + 1, 4)):
                return 6;
            case (byte)'u':
                throw Fault("the escape \\u is not followed by four hexadecimal digits.");
            default:
                throw Fault("a backslash is followed by a character that makes no escape.");
        }
    }

    private static bool AreHex(ReadOnlySpan<byte> digits)
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
}
