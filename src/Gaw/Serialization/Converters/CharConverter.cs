using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>A text of one UTF-16 unit.</summary>
internal sealed class CharConverter : ValueConverter<char>
{
    /// <inheritdoc/>
    public override char Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && reader.ReadString() is [char only] ? only : throw ReadErrors.Mismatch("char, a text of one character", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, char value) => writer.String([value]);
}
