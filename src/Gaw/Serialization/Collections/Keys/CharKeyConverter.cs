using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>Texts of one UTF-16 unit.</summary>
internal sealed class CharKeyConverter : KeyConverter<char>
{
    /// <inheritdoc/>
    public override char Read(JsonText name) => name.ToString() is [char only] ? only : throw Mismatch(name);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, char key) => writer.Name(key.ToString());
}
