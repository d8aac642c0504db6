using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

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
