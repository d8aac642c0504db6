using System.Globalization;
using System.Numerics;
using System.Text;

namespace Gaw.Tool.Values;

/// <summary>
/// Reads literals as Python writes them: numbers, texts, True, False, None, lists, dicts, tuples, sets. Nothing is evaluated: what is no literal is
/// an error that says where. JSON's true, false and null are understood as well.
/// </summary>
internal sealed class PythonLiteral
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _depth;

    private PythonLiteral(string text, int at) => (_text, _at) = (text, at);

    /// <summary>Reads one value.</summary>
    /// <exception cref="FormatException">The text is no literal.</exception>
    public static object? Parse(string text)
    {
        PythonLiteral reader = new(text, 0);
        object? value = reader.ReadValue();
        reader.ExpectEnd();
        return value;
    }

    /// <summary>Reads <c>name='value', other=3</c>.</summary>
    /// <exception cref="FormatException">The text is no such list.</exception>
    public static Dictionary<string, object?> ParseKwargs(string text)
    {
        PythonLiteral reader = new(text, 0);
        (List<object?> args, Dictionary<string, object?> kwargs) = reader.ReadArguments(end: null);
        return args.Count == 0 ? kwargs : throw new FormatException("every value needs a name: hello_msg='hello!', n=3");
    }

    /// <summary>Reads <c>math_service.plus(10, b=20)</c>; dots or slashes between the names.</summary>
    /// <exception cref="FormatException">The text is no call.</exception>
    public static (string Path, List<object?> Args, Dictionary<string, object?> Kwargs) ParseCall(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            throw new FormatException("a call looks like service.method(1, name='value')");
        }

        string name = text[..open].Trim();
        int split = name.LastIndexOfAny(['.', '/']);
        if (split <= 0 || split == name.Length - 1 || name.AsSpan().ContainsAny(" ,'\"="))
        {
            throw new FormatException($"\"{name}\" is no service and method; write service.method");
        }

        PythonLiteral reader = new(text, open + 1);
        (List<object?> args, Dictionary<string, object?> kwargs) = reader.ReadArguments(')');
        reader.ExpectEnd();
        return ($"{name[..split]}/{name[(split + 1)..]}", args, kwargs);
    }

    private (List<object?> Args, Dictionary<string, object?> Kwargs) ReadArguments(char? end)
    {
        List<object?> args = [];
        Dictionary<string, object?> kwargs = [];
        while (!TryTakeEnd(end))
        {
            if (TryReadName() is { } name)
            {
                if (!kwargs.TryAdd(name, ReadValue()))
                {
                    throw Problem($"{name} is given twice");
                }
            }
            else if (kwargs.Count > 0)
            {
                throw Problem("a value without a name comes after one with a name");
            }
            else
            {
                args.Add(ReadValue());
            }

            if (!TryTake(','))
            {
                if (!TryTakeEnd(end))
                {
                    throw Problem($"a comma{(end is null ? "" : $" or {end}")} is missing");
                }

                break;
            }
        }

        return (args, kwargs);
    }

    private object? ReadValue()
    {
        SkipSpace();
        if (++_depth > MaxDepth)
        {
            throw Problem("this is nested too deep");
        }

        char next = Peek();
        object? value = next switch
        {
            '\'' or '"' => ReadTexts(),
            '[' => ReadList(),
            '(' => ReadTuple(),
            '{' => ReadDict(),
            '+' or '-' or '.' => ReadNumber(),
            _ when char.IsAsciiDigit(next) => ReadNumber(),
            _ => ReadWord(),
        };
        _depth--;
        return value;
    }

    private List<object?> ReadList()
    {
        _at++;
        return ReadItems([], ']');
    }

    /// <summary>Reads further items up to the end.</summary>
    private List<object?> ReadItems(List<object?> items, char end)
    {
        while (!TryTake(end))
        {
            items.Add(ReadValue());
            if (!TryTake(','))
            {
                Expect(end);
                break;
            }
        }

        return items;
    }

    private object? ReadTuple()
    {
        _at++;
        if (TryTake(')'))
        {
            return Array.Empty<object?>();
        }

        object? first = ReadValue();
        if (TryTake(','))
        {
            return ReadItems([first], ')').ToArray();
        }

        Expect(')');
        return first;
    }

    private object ReadDict()
    {
        _at++;
        if (TryTake('}'))
        {
            return new Dictionary<object, object?>();
        }

        object? first = ReadValue();
        if (!TryTake(':'))
        {
            HashSet<object?> set = [first];
            while (TryTake(',') && !AtChar('}'))
            {
                set.Add(ReadValue());
            }

            Expect('}');
            return set;
        }

        Dictionary<object, object?> dict = new() { [Key(first)] = ReadValue() };
        while (TryTake(',') && !AtChar('}'))
        {
            object key = Key(ReadValue());
            Expect(':');
            dict[key] = ReadValue();
        }

        Expect('}');
        return dict;
    }

    private object Key(object? key) => key ?? throw Problem("None cannot be a key");

    private object ReadNumber()
    {
        int start = _at;
        if (Peek() is '+' or '-')
        {
            _at++;
        }

        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '_' || (_text[_at] is '+' or '-' && _text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        string text = _text[start.._at].Replace("_", "", StringComparison.Ordinal);
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger integer))
        {
            return integer >= int.MinValue && integer <= int.MaxValue ? (int)integer : integer >= long.MinValue && integer <= long.MaxValue ? (object)(long)integer : integer;
        }

        bool isPlain = text.All(static c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E');
        return isPlain && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Problem($"\"{text}\" is no number");
    }

    private object? ReadWord()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        string word = _text[start.._at];
        return word switch
        {
            "True" or "true" => true,
            "False" or "false" => false,
            "None" or "null" => null,
            "" when start >= _text.Length => throw Problem("a value is missing at the end"),
            "" => throw Problem($"'{_text[start]}' begins no value"),
            _ => throw Problem($"{word} is no literal; put a text into quotes: '{word}'"),
        };
    }

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

    private string? TryReadName()
    {
        SkipSpace();
        int end = _at;
        while (end < _text.Length && (char.IsLetterOrDigit(_text[end]) || _text[end] == '_'))
        {
            end++;
        }

        int equals = end;
        while (equals < _text.Length && char.IsWhiteSpace(_text[equals]))
        {
            equals++;
        }

        if (end == _at || char.IsDigit(_text[_at]) || equals >= _text.Length || _text[equals] != '=')
        {
            return null;
        }

        string name = _text[_at..end];
        _at = equals + 1;
        return name;
    }

    private bool TryTakeEnd(char? end)
    {
        SkipSpace();
        return end is { } c ? TryTake(c) : _at >= _text.Length;
    }

    private bool TryTake(char c)
    {
        if (!AtChar(c))
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool AtChar(char c)
    {
        SkipSpace();
        return _at < _text.Length && _text[_at] == c;
    }

    private void Expect(char c)
    {
        if (!TryTake(c))
        {
            throw Problem($"{c} is missing");
        }
    }

    private void ExpectEnd()
    {
        SkipSpace();
        if (_at < _text.Length)
        {
            throw Problem($"nothing can follow here, but \"{_text[_at..]}\" does");
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private FormatException Problem(string problem) => new($"{problem} (at character {Math.Min(_at, _text.Length) + 1})");
}
