namespace Gaw.Tool.Generating;

/// <summary>
/// Knows a type when it sees one, in C# or as a Python annotation: <c>List&lt;(int Count, string?)&gt;</c>, <c>dict[str, int] | None</c>. What a server calls
/// a type is written into code that somebody compiles, so it must be nothing else.
/// </summary>
internal ref struct TypeGrammar
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private TypeGrammar(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Whether the whole text is one type.</summary>
    public static bool IsType(string text)
    {
        TypeGrammar grammar = new(text);
        return grammar.TryReadType() && grammar._at == text.Length;
    }

    /// <summary>Whether the text is a name in both languages: a letter or an underscore, then digits as well.</summary>
    public static bool IsName(string text)
    {
        TypeGrammar grammar = new(text);
        return grammar.TryReadName() && grammar._at == text.Length;
    }

    private bool TryReadType()
    {
        if (++_depth > MaxDepth || !(TryTake('(') ? TryReadList(')', areNamed: true) : TryReadNamed()))
        {
            return false;
        }

        while (true)
        {
            if (TryTake('['))
            {
                while (TryTake(','))
                {
                }

                if (!TryTake(']'))
                {
                    return false;
                }
            }
            else if (!TryTake('?'))
            {
                break;
            }
        }

        _depth--;
        return !TryTake(" | ") || TryReadType();
    }

    private bool TryReadNamed()
    {
        do
        {
            if (!TryReadName())
            {
                return false;
            }
        }
        while (TryTake('.'));
        return TryTake('<') ? TryReadList('>', areNamed: false) : !IsPythonList() || (TryTake('[') && TryReadList(']', areNamed: false));
    }

    /// <summary>Reads <c>int, string)</c>; the items of a tuple may bear names.</summary>
    private bool TryReadList(char end, bool areNamed)
    {
        do
        {
            if (!TryReadType() || (areNamed && TryTake(' ') && !TryReadName()))
            {
                return false;
            }
        }
        while (TryTake(", "));
        return TryTake(end);
    }

    private bool TryReadName()
    {
        int start = _at;
        while (_at < _text.Length && (_text[_at] == '_' || char.IsLetter(_text[_at]) || (_at > start && char.IsDigit(_text[_at]))))
        {
            _at++;
        }

        return _at > start;
    }

    private readonly bool IsPythonList() => _at + 1 < _text.Length && _text[_at] == '[' && _text[_at + 1] is not (']' or ',');

    private bool TryTake(char sign)
    {
        if (_at >= _text.Length || _text[_at] != sign)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool TryTake(ReadOnlySpan<char> signs)
    {
        if (!_text[_at..].StartsWith(signs, StringComparison.Ordinal))
        {
            return false;
        }

        _at += signs.Length;
        return true;
    }
}
