using System.Runtime.CompilerServices;

namespace Gaw.Json;

internal ref partial struct JsonReader
{
    /// <summary>Containers of fewer bytes are skipped again as fast as they are looked up.</summary>
    private const int WorthRemembering = 256;

    /// <summary>
    /// From here on, this reader and its copies remember the ends of large containers that they skip. Looking ahead at each level of a nest
    /// then costs the length of the document, not its length times its depth.
    /// </summary>
    public void RememberSkips()
    {
        if (_ends is null && _json.Length - _position > WorthRemembering)
        {
            _ends = [];
        }
    }

    /// <summary>Validates and consumes one value. Does not recurse, whatever the depth.</summary>
    /// <returns>The bytes of the value, without the white space around it.</returns>
    public ReadOnlySpan<byte> Skip()
    {
        SkipWhiteSpace();
        int start = _position;
        if (!TrySkipScalar())
        {
            if (_ends is not null && _ends.TryGetValue(start, out (int End, int Values) known))
            {
                // Skipped values count as read ones do, so that both meet the same limit.
                _position = known.End;
                CountValues(known.Values);
                _atFirst = false;
            }
            else
            {
                SkipContainer();
            }
        }

        return _json[start.._position];
    }

    /// <returns><see langword="false"/> when a container is ahead; nothing is consumed then.</returns>
    private bool TrySkipScalar()
    {
        if (_position >= _json.Length)
        {
            throw Unexpected("a value");
        }

        switch (_json[_position])
        {
            case (byte)'{' or (byte)'[':
                return false;
            case (byte)'"':
                ScanText();
                break;
            case (byte)'t':
                ScanWord("true"u8);
                break;
            case (byte)'f':
                ScanWord("false"u8);
                break;
            case (byte)'n':
                ScanWord("null"u8);
                break;
            case (byte)'-' or (byte)'N' or (byte)'I' or (>= (byte)'0' and <= (byte)'9'):
                ScanNumber();
                break;
            default:
                throw Unexpected("a value");
        }

        CountValue();
        return true;
    }

    [SkipLocalsInit]
    private void SkipContainer()
    {
        int outside = _depth;
        Span<(int Position, int Values)> starts = stackalloc (int, int)[JsonLimits.LargestDepth + 1];
        while (true)
        {
            SkipWhiteSpace();
            if (TrySkipScalar() || !EnterAny(starts))
            {
                if (LeaveFinished(starts, outside))
                {
                    _atFirst = false;
                    return;
                }
            }
        }
    }

    /// <returns><see langword="false"/> when the container is empty: it is consumed, and the reader stands behind it.</returns>
    private bool EnterAny(scoped Span<(int Position, int Values)> starts)
    {
        bool isObject = _json[_position] == '{';
        (int Position, int Values) start = (_position, _values);
        Enter();
        starts[_depth] = start;
        SkipWhiteSpace();
        if (IsAt(isObject ? (byte)'}' : (byte)']'))
        {
            _position++;
            _depth--;
            return false;
        }

        if (isObject)
        {
            ScanName();
        }

        return true;
    }

    /// <summary>Behind a value: takes the closing brackets, then the comma and the name that lead to the next value.</summary>
    /// <returns><see langword="true"/> when the outermost container is closed.</returns>
    private bool LeaveFinished(scoped Span<(int Position, int Values)> starts, int outside)
    {
        while (_depth > outside)
        {
            bool isObject = _json[starts[_depth].Position] == '{';
            SkipWhiteSpace();
            if (IsAt((byte)','))
            {
                _position++;
                if (isObject)
                {
                    SkipWhiteSpace();
                    ScanName();
                }

                return false;
            }

            if (!IsAt(isObject ? (byte)'}' : (byte)']'))
            {
                throw Unexpected(isObject ? "a comma or a closing brace" : "a comma or a closing bracket");
            }

            _position++;
            if (_ends is not null && _position - starts[_depth].Position >= WorthRemembering)
            {
                _ends[starts[_depth].Position] = (_position, _values - starts[_depth].Values);
            }

            _depth--;
        }

        return true;
    }
}
