using Gaw.Json;

namespace Gaw.Serialization.Collections.Keys;

/// <summary><c>"true"</c> and <c>"false"</c>.</summary>
internal sealed class BooleanKeyConverter : KeyConverter<bool>
{
    /// <inheritdoc/>
    public override bool Read(JsonText name) => name.Equals("true"u8) || (name.Equals("false"u8) ? false : throw Mismatch(name));

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, bool key) => writer.Name(key ? "true"u8 : "false"u8);
}
