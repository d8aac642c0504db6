using System.Text;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections.Keys;

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
