using System.Globalization;
using System.Numerics;
using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>Floats.</summary>
internal sealed class FloatKeyConverter<TKey> : KeyConverter<TKey>
    where TKey : IBinaryFloatingPointIeee754<TKey>
{
    private const NumberStyles WithoutBlanks = NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite;

    /// <inheritdoc/>
    public override TKey Read(JsonText name) => name.ToString() switch
    {
        "NaN" => TKey.NaN,
        "Infinity" => TKey.PositiveInfinity,
        "-Infinity" => TKey.NegativeInfinity,
        string text => TKey.TryParse(text, WithoutBlanks, CultureInfo.InvariantCulture, out TKey? key) ? key : throw Mismatch(name),
    };

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key)
    {
        using JsonWriter text = new JsonWriter();
        if (typeof(TKey) == typeof(double))
        {
            text.Float(double.CreateTruncating(key));
        }
        else
        {
            text.Float(float.CreateTruncating(key));
        }

        writer.Name(text.Written);
    }
}
