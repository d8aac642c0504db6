using System.Globalization;
using System.Numerics;
using Gaw.Json.Floats;

namespace Gaw.Json;

internal sealed partial class JsonWriter
{
    /// <summary>Enough for any fixed-size number: 39 digits and a sign, or the longest double.</summary>
    private const int LongestNumber = 48;

    /// <summary>The fewest bits of a digit: log2(10), rounded down.</summary>
    private const double BitsPerDigit = 3.3219;

    /// <summary>Writes an integer.</summary>
    public void Integer(long value) => Number(value);

    /// <summary>Writes an integer.</summary>
    public void Integer(ulong value) => Number(value);

    /// <summary>Writes an integer.</summary>
    public void Integer(Int128 value) => Number(value);

    /// <summary>Writes an integer.</summary>
    public void Integer(UInt128 value) => Number(value);

    /// <summary>Writes an integer of at most 4300 digits, the longest that Python reads.</summary>
    public void Integer(BigInteger value)
    {
        int limit = JsonLimits.Default.MaxDigits;
        if (value.GetBitLength() > (limit + 1) * BitsPerDigit)
        {
            throw TooManyDigits(limit);
        }

        Span<char> digits = stackalloc char[limit + 8];
        value.TryFormat(digits, out int count, default, CultureInfo.InvariantCulture);
        if (count - (value.Sign < 0 ? 1 : 0) > limit)
        {
            throw TooManyDigits(limit);
        }

        BeforeValue();
        Ascii(digits[..count]);
        _needsComma = true;
    }

    /// <summary>Writes a float as Python does: the shortest text that reads back the same, always recognisable as a float.</summary>
    public void Float(double value)
    {
        if (!double.IsFinite(value))
        {
            NoNumber(value);
            return;
        }

        BeforeValue();
        Advance(PythonFloat.Write(value, Reserve(LongestNumber)));
        _needsComma = true;
    }

    /// <summary>Writes a float of single precision by its own shortest text: 0.1f as <c>0.1</c>.</summary>
    public void Float(float value)
    {
        if (!float.IsFinite(value))
        {
            NoNumber(value);
            return;
        }

        BeforeValue();
        Advance(PythonFloat.Write(value, Reserve(LongestNumber)));
        _needsComma = true;
    }

    private static GawSerializationException TooManyDigits(int limit) =>
        new($"An integer of more than {limit} digits cannot be read by a Python peer; send it as a text.");

    private void Number<T>(T value)
        where T : IUtf8SpanFormattable
    {
        BeforeValue();
        value.TryFormat(Reserve(LongestNumber), out int count, default, CultureInfo.InvariantCulture);
        Advance(count);
        _needsComma = true;
    }

    private void NoNumber(double value) => Raw(double.IsNaN(value) ? "NaN"u8 : value < 0 ? "-Infinity"u8 : "Infinity"u8);
}
