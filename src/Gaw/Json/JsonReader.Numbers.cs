using System.Buffers;
using System.Globalization;
using System.Numerics;
using Gaw.Json.Floats;

namespace Gaw.Json;

internal ref partial struct JsonReader
{
    private const int DigitsOfInt64 = 19;

    /// <summary>Consumes a number of either kind and returns its text.</summary>
    public ReadOnlySpan<byte> ReadNumber()
    {
        SkipWhiteSpace();
        CountValue();
        int start = _position;
        ScanNumber();
        return _json[start.._position];
    }

    /// <summary>Consumes an integer that fits; anything else is left as it is.</summary>
    public bool TryReadInt64(out long value)
    {
        SkipWhiteSpace();
        value = 0;
        ReadOnlySpan<byte> rest = _json[_position..];
        bool negative = !rest.IsEmpty && rest[0] == '-';
        int firstDigit = negative ? 1 : 0;
        int end = firstDigit;
        ulong magnitude = 0;
        while ((uint)end < (uint)rest.Length && (uint)(rest[end] - '0') <= 9)
        {
            magnitude = (magnitude * 10) + (uint)(rest[end++] - '0');
        }

        int digits = end - firstDigit;
        if (digits is 0 or > DigitsOfInt64
            || (digits > 1 && rest[firstDigit] == '0')
            || magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0UL)
            || (end < rest.Length && rest[end] is (byte)'.' or (byte)'e' or (byte)'E'))
        {
            return false;
        }

        CountValue();
        value = negative ? (long)(0 - magnitude) : (long)magnitude;
        _position += end;
        return true;
    }

    /// <summary>Consumes an integer of any size up to <see cref="JsonLimits.MaxDigits"/> digits.</summary>
    public BigInteger ReadInteger()
    {
        if (TryReadInt64(out long small))
        {
            return small;
        }

        if (Peek() is not JsonKind.Integer)
        {
            throw Unexpected("an integer");
        }

        ReadOnlySpan<byte> text = ReadNumber();
        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            rented[i] = (char)text[i];
        }

        BigInteger value = BigInteger.Parse(rented.AsSpan(0, text.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        ArrayPool<char>.Shared.Return(rented);
        return value;
    }

    /// <summary>Consumes a number of either kind. Too large becomes an infinity, too small zero, as in Python.</summary>
    public double ReadDouble()
    {
        if (TryReadDecimal(out double value))
        {
            return value;
        }

        ReadOnlySpan<byte> text = ReadNumber();
        return text[^1] switch
        {
            (byte)'N' => double.NaN,
            (byte)'y' => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Consumes a number of either kind that has an ordinary number of digits and no exponent, in one pass; anything else is left as it is.</summary>
    public bool TryReadDecimal(out double value)
    {
        SkipWhiteSpace();
        if (!DecimalFloat.TryParse(_json[_position..], _limits.MaxDigits, out value, out int length))
        {
            return false;
        }

        CountValue();
        _position += length;
        return true;
    }

    private readonly JsonKind PeekNumber()
    {
        int position = _position + (_json[_position] == '-' ? 1 : 0);
        if (position < _json.Length && _json[position] == 'I')
        {
            return JsonKind.Float;
        }

        while ((uint)position < (uint)_json.Length && (uint)(_json[position] - '0') <= 9)
        {
            position++;
        }

        return position < _json.Length && _json[position] is (byte)'.' or (byte)'e' or (byte)'E' ? JsonKind.Float : JsonKind.Integer;
    }

    private void ScanNumber()
    {
        int start = _position;
        if (IsAt((byte)'N'))
        {
            ScanWord("NaN"u8);
            return;
        }

        if (IsAt((byte)'-'))
        {
            _position++;
        }

        if (IsAt((byte)'I'))
        {
            ScanWord("Infinity"u8);
            return;
        }

        int firstDigit = _position;
        ScanDigits("a number");
        int digits = _position - firstDigit;
        if (digits > 1 && _json[firstDigit] == '0')
        {
            _position = firstDigit;
            throw Fault("a number starts with a zero.");
        }

        bool isInteger = true;
        if (IsAt((byte)'.'))
        {
            isInteger = false;
            _position++;
            ScanDigits("a digit after the point");
        }

        if (IsAt((byte)'e') || IsAt((byte)'E'))
        {
            isInteger = false;
            _position++;
            if (IsAt((byte)'+') || IsAt((byte)'-'))
            {
                _position++;
            }

            ScanDigits("a digit of the exponent");
        }

        if (isInteger && digits > _limits.MaxDigits)
        {
            _position = start;
            throw new JsonFormatException(JsonFault.TooManyDigits, start, $"an integer of {digits} digits is above the limit of {_limits.MaxDigits} digits.");
        }
    }

    private void ScanDigits(string expected)
    {
        ReadOnlySpan<byte> rest = _json[_position..];
        int digits = 0;
        while (digits < rest.Length && (uint)(rest[digits] - '0') <= 9)
        {
            digits++;
        }

        _position += digits;
        if (digits == 0)
        {
            throw Unexpected(expected);
        }
    }
}
