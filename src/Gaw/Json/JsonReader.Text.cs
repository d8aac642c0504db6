namespace Gaw.Json;

/// <content>Texts and names.</content>
internal ref partial struct JsonReader
{
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

    /// <summary>
    /// Consumes a name in the form that Python writes, with the comma in front and the blank behind its colon. Consumes nothing where other bytes are ahead.
    /// One comparison takes the place of <see cref="NextProperty"/> and of a look at the name.
    /// </summary>
    public bool TryNextProperty(NameRun name)
    {
        ReadOnlySpan<byte> run = _atFirst ? name.WithoutComma : name.Bytes;
        if (!_json[_position..].StartsWith(run))
        {
            return false;
        }

        _position += run.Length;
        _atFirst = false;
        return true;
    }

    /// <summary>Whether <see cref="TryNextProperty"/> would find it as the first of an object that was stepped into.</summary>
    public readonly bool IsFirstAhead(NameRun name) => _json[_position..].StartsWith(name.WithoutComma);

    /// <summary>Consumes an opening brace and the first name with its colon, where an object is the value.</summary>
    /// <param name="run">The brace, the name and the brace of the value, as writers make them. The last one is not consumed.</param>
    /// <returns><see langword="false"/>: something else is ahead. Nothing was consumed.</returns>
    public bool TryBeginObject(ReadOnlySpan<byte> run)
    {
        if (!_json[_position..].StartsWith(run))
        {
            return false;
        }

        Enter();
        _position += run.Length - 2;
        return true;
    }

    /// <summary>Consumes the last member of an object, whose value is a text, and the closing brace.</summary>
    /// <param name="run">The member and the brace as writers make them, the comma in front included.</param>
    /// <returns><see langword="false"/>: something else is ahead. Nothing was consumed.</returns>
    public bool TryEndObject(ReadOnlySpan<byte> run)
    {
        if (_atFirst || !_json[_position..].StartsWith(run))
        {
            return false;
        }

        CountValue();
        _position += run.Length;
        _depth--;
        return true;
    }

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
        int length = PlainText.LengthOf(rest, out bool isAscii);
        if (length < rest.Length && rest[length] == '"')
        {
            _position = start + length + 1;
            return new JsonText(rest[..length], hasEscapes: false, isAscii);
        }

        return ScanEscapedText(start, start + length);
    }

    private JsonText ScanEscapedText(int start, int end)
    {
        while (end < _json.Length && _json[end] != '"')
        {
            if (_json[end] == '\\')
            {
                _position = end;
                end += EscapeLength(end + 1);
            }
            else if (_json[end] < ' ')
            {
                _position = end;
                throw Fault("a control character stands in a text; it must be escaped.");
            }
            else
            {
                end += PlainText.LengthOfLong(_json[end..]);
            }
        }

        if (end == _json.Length)
        {
            _position = end;
            throw Unexpected("the closing quote of a text");
        }

        _position = end + 1;
        return new JsonText(_json[start..end], hasEscapes: true, isAscii: false);
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
            case (byte)'u' when letter + 4 < _json.Length && JsonText.AreHex(_json.Slice(letter + 1, 4)):
                return 6;
            case (byte)'u':
                throw Fault("the escape \\u is not followed by four hexadecimal digits.");
            default:
                throw Fault("a backslash is followed by a character that makes no escape.");
        }
    }
}
