using System.Globalization;
using System.Numerics;

namespace Gaw.Tool.Values;

/// <content>Values: numbers, words, lists, dicts, tuples, sets, objects.</content>
internal sealed partial class PythonLiteral
{
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
        if (word is not ("" or "True" or "true" or "False" or "false" or "None" or "null") && AtChar('('))
        {
            return ReadObject(word);
        }

        return word switch
        {
            "True" or "true" => true,
            "False" or "false" => false,
            "None" or "null" => null,
            "" when start >= _text.Length => throw Problem("a value is missing at the end"),
            "" => throw Problem($"'{_text[start]}' begins no value"),
            _ => throw NoLiteral(word, _at),
        };
    }

    /// <summary>Reads <c>Point(x=1, y=2)</c>: the members of an object that travels under its name. It is no call; nothing runs here.</summary>
    private GawObject ReadObject(string name)
    {
        int start = ++_at;
        (List<object?> args, Dictionary<string, object?> members) = TryTake(')') ? ([], []) : AtName() ? ReadArguments(')') : throw NoLiteral(name, start - 1);
        try
        {
            return args.Count == 0 ? new GawObject(name, members) : throw NoLiteral(name, start - 1);
        }
        catch (ArgumentException)
        {
            throw Problem($"{name} is a name of the protocol's own, not of a class");
        }
    }

    private bool AtName()
    {
        int start = _at;
        bool isName = TryReadName() is not null;
        _at = start;
        return isName;
    }

    private FormatException NoLiteral(string word, int at)
    {
        _at = at;
        return Problem($"{word} is no literal; put a text into quotes: '{word}'");
    }
}
