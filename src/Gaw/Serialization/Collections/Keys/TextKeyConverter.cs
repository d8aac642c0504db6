using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>Texts.</summary>
internal sealed class TextKeyConverter : KeyConverter<string>
{
    /// <inheritdoc/>
    public override string Read(JsonText name) => name.ToString();

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, string key) => writer.Name(key);
}
