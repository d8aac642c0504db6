using System.Globalization;
using System.Text;

namespace Gaw.Tool.Values;

/// <content>Texts and their escapes.</content>
internal sealed partial class PythonLiteral
{
    /// <summary>A text, or several that stand side by side.</summary>
    private string ReadTexts()
    {
        StringBuilder text = new();
        do
        {
            ReadText(text);
            SkipSpace();
        }
        while (Peek() is '\'' or '"');
        return text.ToString();
    }

    private void ReadText(StringBuilder into)
    {
        char quote = _text[_at++];
        while (true)
        {
            if (_at >= _text.Length)
            {
                throw Problem($"the closing {quote} is missing");
            }

            char c = _text[_at++];
            if (c == quote)
            {
                return;
            }

            if (c == '\\')
            {
                ReadEscape(into);
            }
            else
            {
                into.Append(c);
            }
        }
    }

    private void ReadEscape(StringBuilder into)
    {
        char kind = _at < _text.Length ? _text[_at++] : throw Problem("the text ends in a backslash");
        switch (kind)
        {
            case '\\' or '\'' or '"':
                into.Append(kind);
                break;
            case 'n':
                into.Append('\n');
                break;
            case 'r':
                into.Append('\r');
                break;
            case 't':
                into.Append('\t');
                break;
            case '0':
                into.Append('\0');
                break;
            case 'x':
                into.Append((char)ReadHex(2));
                break;
            case 'u':
                into.Append((char)ReadHex(4));
                break;
            case 'U':
                int rune = ReadHex(8);
                into.Append(Rune.IsValid(rune) ? char.ConvertFromUtf32(rune) : throw Problem("there is no such character"));
                break;
            default:
                // As Python does.
                into.Append('\\').Append(kind);
                break;
        }
    }

    private int ReadHex(int digits)
    {
        if (_at + digits > _text.Length || !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            throw Problem($"{digits} hexadecimal digits are missing");
        }

        _at += digits;
        return value;
    }
}
