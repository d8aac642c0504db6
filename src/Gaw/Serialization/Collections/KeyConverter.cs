using System.Globalization;
using System.Numerics;
using System.Text;
using Gaw.Json;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>The keys of a dictionary, where their type is not known beforehand.</summary>
internal abstract class KeyConverter
{
    /// <summary>Writes a key as a name.</summary>
    public abstract void WriteBoxed(JsonWriter writer, object key);
}

/// <summary>The keys of a dictionary, which are texts on the wire by Python's rules: 1 as <c>"1"</c>, 2.0 as <c>"2.0"</c>, true as <c>"true"</c>.</summary>
internal abstract class KeyConverter<TKey> : KeyConverter
{
    /// <summary>Makes a key of a name.</summary>
    public abstract TKey Read(JsonText name);

    /// <summary>Writes a key as a name.</summary>
    public abstract void Write(JsonWriter writer, TKey key);

    /// <summary>The text that a key becomes.</summary>
    public string TextOf(TKey key)
    {
        using JsonWriter writer = new JsonWriter();
        Write(writer, key);
        return Encoding.UTF8.GetString(writer.Written)[1..^3];
    }

    /// <inheritdoc/>
    public sealed override void WriteBoxed(JsonWriter writer, object key) => Write(writer, (TKey)key);

    /// <summary>The failure to read a name as a key.</summary>
    protected static GawSerializationException Mismatch(JsonText name) =>
        ReadErrors.Mismatch(TypeNames.Friendly(typeof(TKey)) + " as a key", ReadErrors.Excerpt(name.ToString()));
}

/// <summary>Texts.</summary>
internal sealed class TextKeyConverter : KeyConverter<string>
{
    /// <inheritdoc/>
    public override string Read(JsonText name) => name.ToString();

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, string key) => writer.Name(key);
}

/// <summary>Integers.</summary>
internal sealed class IntegerKeyConverter<TKey> : KeyConverter<TKey>
    where TKey : IBinaryInteger<TKey>
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) =>
        name.Raw.Length <= JsonLimits.Default.MaxDigits && TKey.TryParse(name.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out TKey? key) ? key : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key) => writer.Name(key.ToString(null, CultureInfo.InvariantCulture));
}

/// <summary>Floats.</summary>
internal sealed class FloatKeyConverter<TKey> : KeyConverter<TKey>
    where TKey : IBinaryFloatingPointIeee754<TKey>
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) => name.ToString() switch
    {
        "NaN" => TKey.NaN,
        "Infinity" => TKey.PositiveInfinity,
        "-Infinity" => TKey.NegativeInfinity,
        string text => TKey.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out TKey? key) ? key : throw Mismatch(name),
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

/// <summary><c>"true"</c> and <c>"false"</c>.</summary>
internal sealed class BooleanKeyConverter : KeyConverter<bool>
{
    /// <inheritdoc/>
    public override bool Read(JsonText name) => name.Equals("true"u8) || (name.Equals("false"u8) ? false : throw Mismatch(name));

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, bool key) => writer.Name(key ? "true"u8 : "false"u8);
}

/// <summary>Texts of one UTF-16 unit.</summary>
internal sealed class CharKeyConverter : KeyConverter<char>
{
    /// <inheritdoc/>
    public override char Read(JsonText name) => name.ToString() is [char only] ? only : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, char key) => writer.Name(key.ToString());
}

/// <summary>Types that have a text of their own.</summary>
/// <param name="format">Makes the text.</param>
/// <param name="parse">Reads the text.</param>
internal sealed class TextFormKeyConverter<TKey>(Func<TKey, string> format, TryParseText<TKey> parse) : KeyConverter<TKey>
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) => parse(name.ToString(), out TKey? key) ? key : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key) => writer.Name(format(key));
}

/// <summary>The names of an enum.</summary>
internal sealed class EnumKeyConverter<TKey> : KeyConverter<TKey>
    where TKey : struct, Enum
{
    /// <inheritdoc/>
    public override TKey Read(JsonText name) => EnumNames<TKey>.TryParse(name.ToString(), out TKey key) || EnumNames<TKey>.TryParseNumber(name.ToString(), out key) ? key : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TKey key) => writer.Name(EnumNames<TKey>.TryText(key) ?? key.ToString("D"));
}

/// <summary>Keys of any of these types, each written by its own rule; read as texts.</summary>
internal sealed class DynamicKeyConverter : KeyConverter<object>
{
    /// <inheritdoc/>
    public override object Read(JsonText name) => name.ToString();

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, object key)
    {
        if (key is string text)
        {
            writer.Name(text);
        }
        else
        {
            KeyConverters.For(key.GetType()).WriteBoxed(writer, key);
        }
    }
}
