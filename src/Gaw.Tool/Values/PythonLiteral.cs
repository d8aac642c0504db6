namespace Gaw.Tool.Values;

/// <summary>
/// Reads literals as Python writes them: numbers, texts, True, False, None, lists, dicts, tuples, sets. Nothing is evaluated: what is no literal is
/// an error that says where. JSON's true, false and null are understood as well.
/// </summary>
internal sealed partial class PythonLiteral
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
        int split = MethodPath.SplitAt(name);
        if (split <= 0 || split == name.Length - 1 || name.AsSpan().ContainsAny(" ,'\"="))
        {
            throw new FormatException($"\"{name}\" is no service and method; write service.method");
        }

        PythonLiteral reader = new(text, open + 1);
        (List<object?> args, Dictionary<string, object?> kwargs) = reader.ReadArguments(')');
        reader.ExpectEnd();
        return ($"{name[..split]}/{name[(split + 1)..]}", args, kwargs);
    }

    /// <summary>Whether <see cref="ParseCall"/> reads the path back when its last slash is written as a dot.</summary>
    public static bool IsCallable(string path)
    {
        string dotted = path.Replace('/', '.');
        int split = MethodPath.SplitAt(dotted);
        return split > 0 && dotted[..split] + "/" + dotted[(split + 1)..] == path && !path.Any(static c => char.IsControl(c) || " ,'\"=(".Contains(c, StringComparison.Ordinal));
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
