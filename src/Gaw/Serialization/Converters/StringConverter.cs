using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>Texts; lone surrogates included.</summary>
internal sealed class StringConverter : ValueConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.String:
                return reader.ReadString();
            case JsonKind.Null:
                reader.ReadNull();
                return null;
            default:
                throw Mismatch(ref reader);
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, string? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else
        {
            writer.String(value);
        }
    }
}
