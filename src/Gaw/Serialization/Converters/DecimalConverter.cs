using System.Globalization;
using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>
/// Decimals travel as floats where a peer that holds them as doubles writes the same value back (always up to 15 digits), and are refused
/// where digits would be lost. Reads numbers of both kinds, and texts, which lose nothing: Python's <c>str(Decimal(...))</c>.
/// </summary>
internal sealed class DecimalConverter : ValueConverter<decimal>
{
    private const int MostDigits = 28;
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

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
        return IsExact(text) && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : throw ReadProblem.Mismatch($"decimal of at most {MostDigits} digits and {MostDigits} decimals", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, decimal value)
    {
        double nearest = (double)value;
        Span<char> shortest = stackalloc char[32];
        nearest.TryFormat(shortest, out int count, "R", CultureInfo.InvariantCulture);
        bool returns = decimal.TryParse(shortest[..count], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal back) && back == value;
        if (!returns)
        {
            throw new GawSerializationException(
                $"The decimal {value.ToString(CultureInfo.InvariantCulture)} has more digits than a peer's float can hold. Send it as a text (ToString), or rounded.");
        }

        writer.Float(nearest);
    }

    /// <summary>Whether .NET's parser, which rounds without a word, has nothing to round.</summary>
    private static bool IsExact(ReadOnlySpan<byte> text)
    {
        int mark = text.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = mark < 0 ? text : text[..mark];
        int exponent = 0;
        if (mark >= 0 && !int.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        int point = mantissa.IndexOf((byte)'.');
        long decimals = (point < 0 ? 0 : mantissa.Length - point - 1) - (long)exponent;
        return mantissa.TrimStart("-0."u8).Length <= MostDigits && (decimals <= MostDigits || mantissa.TrimStart("-0."u8).IsEmpty);
    }
}
