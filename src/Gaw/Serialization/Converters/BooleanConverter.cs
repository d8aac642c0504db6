using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary><c>true</c> and <c>false</c>.</summary>
internal sealed class BooleanConverter : ValueConverter<bool>
{
    /// <inheritdoc/>
    public override bool Read(ref JsonReader reader) =>
        reader.Peek() is JsonKind.True or JsonKind.False ? reader.ReadBoolean() : throw Mismatch(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, bool value) => writer.Boolean(value);
}
