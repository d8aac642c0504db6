using System.Runtime.CompilerServices;
using System.Text;

namespace Gaw.Json;

/// <summary>
/// Reads a document of Python's JSON dialect, forward only and without an intermediate tree. A copy of the reader is a mark to come back
/// to. The bytes must be valid UTF-8 already. All methods throw <see cref="JsonFormatException"/>.
/// </summary>
/// <param name="json">The document, valid UTF-8.</param>
/// <param name="limits">What it may cost.</param>
internal ref partial struct JsonReader(ReadOnlySpan<byte> json, JsonLimits limits)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private readonly JsonLimits _limits = limits;
    private int _position;
    private int _depth;
    private int _values;
    private bool _atFirst;

    /// <summary>The ends of skipped containers, with the number of their values, by their positions. Shared by the copies of the reader.</summary>
    private Dictionary<int, (int End, int Values)>? _ends;

    /// <summary>The offset of the next unread byte.</summary>
    public readonly int Position => _position;

    /// <summary>What the document may cost.</summary>
    public readonly JsonLimits Limits => _limits;

    /// <summary>Where the reader stands: less to copy than the reader itself.</summary>
    public readonly Place Here => new() { Position = _position, Depth = _depth, Values = _values, IsAtFirst = _atFirst };

    /// <summary>The kind of the value ahead. Skips white space and consumes nothing else.</summary>
    public JsonKind Peek()
    {
        SkipWhiteSpace();
        if (_position >= _json.Length)
        {
            return JsonKind.End;
        }

        return _json[_position] switch
        {
            (byte)'"' => JsonKind.String,
            (byte)'{' => JsonKind.Object,
            (byte)'[' => JsonKind.Array,
            (byte)'t' => JsonKind.True,
            (byte)'f' => JsonKind.False,
            (byte)'n' => JsonKind.Null,
            (byte)'N' or (byte)'I' => JsonKind.Float,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => PeekNumber(),
            _ => JsonKind.Invalid,
        };
    }

    /// <summary>Goes back to where this reader stood.</summary>
    public void Return(Place place) => (_position, _depth, _values, _atFirst) = (place.Position, place.Depth, place.Values, place.IsAtFirst);

    /// <summary>Consumes an opening brace.</summary>
    public void BeginObject() => Begin((byte)'{', "an object");

    /// <summary>Consumes an opening bracket.</summary>
    public void BeginArray() => Begin((byte)'[', "an array");

    /// <summary>Consumes the next name and its colon, or the closing brace.</summary>
    /// <returns><see langword="false"/> when the closing brace was met and consumed.</returns>
    public bool NextProperty(out JsonText name)
    {
        if (!Next((byte)'}'))
        {
            name = default;
            return false;
        }

        name = ScanName();
        return true;
    }

    /// <summary>Consumes the comma before the next item, if any, or the closing bracket.</summary>
    /// <returns><see langword="false"/> when the closing bracket was met and consumed.</returns>
    public bool NextItem() => Next((byte)']');

    /// <summary>Consumes <c>true</c> or <c>false</c>.</summary>
    public bool ReadBoolean()
    {
        SkipWhiteSpace();
        CountValue();
        if (IsAt((byte)'t'))
        {
            ScanWord("true"u8);
            return true;
        }

        if (IsAt((byte)'f'))
        {
            ScanWord("false"u8);
            return false;
        }

        throw Unexpected("true or false");
    }

    /// <summary>Consumes <c>null</c>.</summary>
    public void ReadNull()
    {
        SkipWhiteSpace();
        CountValue();
        ScanWord("null"u8);
    }

    /// <summary>Makes sure that nothing but white space is left.</summary>
    public void ReadEnd()
    {
        SkipWhiteSpace();
        if (_position < _json.Length)
        {
            throw Unexpected("the end of the document");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsAt(byte expected) => (uint)_position < (uint)_json.Length && _json[_position] == expected;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhiteSpace()
    {
        if ((uint)_position < (uint)_json.Length && _json[_position] <= ' ')
        {
            SkipSomeWhiteSpace();
        }
    }

    private void SkipSomeWhiteSpace()
    {
        int position = _position;
        while ((uint)position < (uint)_json.Length && _json[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        _position = position;
    }

    private void Begin(byte opening, string expected)
    {
        SkipWhiteSpace();
        if (!IsAt(opening))
        {
            throw Unexpected(expected);
        }

        Enter();
        _atFirst = true;
    }

    private void Enter()
    {
        CountValue();
        if (_depth >= _limits.MaxDepth)
        {
            throw new JsonFormatException(JsonFault.TooDeep, _position, $"it is nested deeper than the limit of {_limits.MaxDepth} levels.");
        }

        _depth++;
        _position++;
    }

    private bool Next(byte closing)
    {
        SkipWhiteSpace();
        if (IsAt(closing))
        {
            _position++;
            _depth--;
            _atFirst = false;
            return false;
        }

        if (_atFirst)
        {
            _atFirst = false;
            return true;
        }

        if (!IsAt((byte)','))
        {
            throw Unexpected(closing == ']' ? "a comma or a closing bracket" : "a comma or a closing brace");
        }

        _position++;
        SkipWhiteSpace();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountValue()
    {
        if (++_values > _limits.MaxValues)
        {
            ThrowTooManyValues();
        }
    }

    private void CountValues(int values)
    {
        if ((_values += values) > _limits.MaxValues)
        {
            ThrowTooManyValues();
        }
    }

    private void ScanWord(ReadOnlySpan<byte> word)
    {
        if (!_json[_position..].StartsWith(word))
        {
            throw Unexpected(Encoding.UTF8.GetString(word));
        }

        _position += word.Length;
    }

    /// <summary>Where a reader stood.</summary>
    internal struct Place
    {
        public int Position;
        public int Depth;
        public int Values;
        public bool IsAtFirst;
    }
}
