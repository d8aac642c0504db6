using System.Globalization;
using System.Numerics;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Converters;

/// <summary>Floats of any precision. Reads integers too, as a Python function with a float parameter does.</summary>
internal sealed class FloatConverter<T> : ValueConverter<T>
    where T : struct, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref JsonReader reader)
    {
        if (typeof(T) == typeof(double))
        {
            return reader.TryReadDecimal(out double plain) ? T.CreateTruncating(plain) : ReadAny(ref reader);
        }

        JsonReader start = reader;
        if (reader.TryReadDecimal(out double wide) && T.CreateSaturating(wide) is var narrow && T.IsFinite(narrow))
        {
            return narrow;
        }

        reader = start;
        return ReadAny(ref reader);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T value)
    {
        if (typeof(T) == typeof(double))
        {
            writer.Float(double.CreateTruncating(value));
        }
        else
        {
            writer.Float(float.CreateTruncating(value));
        }
    }

    /// <summary>A number of any other form, or no number at all.</summary>
    private static T ReadAny(ref JsonReader reader)
    {
        JsonReader start = reader;
        JsonKind kind = reader.Peek();
        if (kind is not (JsonKind.Float or JsonKind.Integer))
        {
            throw Mismatch(ref reader);
        }

        double wide = reader.ReadDouble();
        T value = T.CreateSaturating(wide);
        bool overflows = T.IsInfinity(value) && (kind is JsonKind.Integer || !double.IsInfinity(wide));
        return overflows ? throw ReadErrors.Mismatch($"{TypeNames.Friendly(typeof(T))}, at most {T.MaxValue.ToString(null, CultureInfo.InvariantCulture)}", ref start) : value;
    }
}
