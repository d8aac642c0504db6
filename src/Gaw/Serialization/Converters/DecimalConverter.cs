using System.Globalization;
using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>
/// Decimals travel as floats. Those with decimals go digit by digit: <c>1.10</c> keeps its zero. They are sent where a peer that holds them as doubles writes the same
/// value back (always up to 15 digits), and are refused where digits would be lost. Reads numbers of both kinds, and texts, which lose nothing:
/// Python's <c>str(Decimal(...))</c>.
/// </summary>
internal sealed class DecimalConverter : ValueConverter<decimal>
{
    private const int MostDigits = 29;
    private const int MostDecimals = 28;
    private const int LongestText = 40;
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a text of which no digit is lost.</summary>
    public static bool TryParse(string text, out decimal value) => TryParse(Encoding.UTF8.GetBytes(text), out value);

    /// <inheritdoc/>
    public override decimal Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        ReadOnlySpan<byte> text = reader.Peek() switch
        {
            JsonKind.Integer or JsonKind.Float => reader.ReadNumber(),
            JsonKind.String => reader.ReadText().Raw,
            _ => throw Mismatch(ref reader),
        };
        return TryParse(text, out decimal value) ? value : throw ReadErrors.Mismatch($"decimal of at most {MostDigits - 1} digits and {MostDecimals} decimals", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, decimal value)
    {
        Span<byte> digits = stackalloc byte[LongestText];
        value.TryFormat(digits, out int count, provider: CultureInfo.InvariantCulture);
        Span<byte> shortest = stackalloc byte[LongestText];
        double nearest = double.Parse(digits[..count], CultureInfo.InvariantCulture);
        nearest.TryFormat(shortest, out int length, "R", CultureInfo.InvariantCulture);
        if (!TryParse(shortest[..length], out decimal back) || back != value)
        {
            throw new GawSerializationException(
                $"The decimal {value.ToString(CultureInfo.InvariantCulture)} has more digits than a peer's float can hold. Send it as a text (ToString), or rounded.");
        }

        if (value.Scale == 0)
        {
            writer.Float(nearest);
        }
        else
        {
            writer.Raw(digits[..count]);
        }
    }

    /// <summary>Reads a text where .NET's parser, which rounds without a word, has nothing to round.</summary>
    private static bool TryParse(ReadOnlySpan<byte> text, out decimal value) =>
        decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && IsExact(text, value);

    private static bool IsExact(ReadOnlySpan<byte> text, decimal value)
    {
        int mark = text.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = mark < 0 ? text : text[..mark];
        int exponent = 0;
        if (mark >= 0 && !int.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        int point = mantissa.IndexOf((byte)'.');
        ReadOnlySpan<byte> significant = mantissa.TrimStart("-+0."u8).TrimEnd((point < 0 ? "0"u8 : "0."u8));
        if (significant.IsEmpty)
        {
            return true;
        }

        // Zeros at the end of the decimals say nothing, so they may be more than a decimal holds.
        long decimals = (point < 0 ? 0 : mantissa.TrimEnd((byte)'0').Length - point - 1) - (long)exponent;
        int digits = significant.Length - (significant.Contains((byte)'.') ? 1 : 0);
        return decimals <= MostDecimals && (digits < MostDigits || (digits == MostDigits && HasDigits(value, significant)));
    }

    /// <summary>Whether the last digit of so many is still there.</summary>
    private static bool HasDigits(decimal value, ReadOnlySpan<byte> significant)
    {
        Span<byte> digits = stackalloc byte[LongestText];
        value.TryFormat(digits, out int count, provider: CultureInfo.InvariantCulture);
        return digits[..count].TrimStart("-+0."u8).TrimEnd("0."u8).SequenceEqual(significant);
    }
}
