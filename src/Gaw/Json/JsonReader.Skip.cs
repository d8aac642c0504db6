using System.Runtime.CompilerServices;

namespace Gaw.Json;

internal ref partial struct JsonReader
{
    private const int LevelsPerWord = 64;

    /// <summary>Validates and consumes one value. Does not recurse, whatever the depth.</summary>
    /// <returns>The bytes of the value, without the white space around it.</returns>
    public ReadOnlySpan<byte> Skip()
    {
        SkipWhiteSpace();
        int start = _position;
        if (!TrySkipScalar())
        {
            SkipContainer();
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
        Span<ulong> objects = stackalloc ulong[(JsonLimits.LargestDepth / LevelsPerWord) + 1];
        while (true)
        {
            SkipWhiteSpace();
            if (TrySkipScalar() || !EnterAny(objects))
            {
                if (LeaveFinished(objects, outside))
                {
                    _atFirst = false;
                    return;
                }
            }
        }
    }

    /// <returns><see langword="false"/> when the container is empty: it is consumed, and the reader stands behind it.</returns>
    private bool EnterAny(scoped Span<ulong> objects)
    {
        bool isObject = _json[_position] == '{';
        Enter();
        ref ulong word = ref objects[_depth / LevelsPerWord];
        ulong bit = 1UL << (_depth % LevelsPerWord);
        word = isObject ? word | bit : word & ~bit;
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
    private bool LeaveFinished(scoped Span<ulong> objects, int outside)
    {
        while (_depth > outside)
        {
            bool isObject = (objects[_depth / LevelsPerWord] & (1UL << (_depth % LevelsPerWord))) != 0;
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
            _depth--;
        }

        return true;
    }
}
