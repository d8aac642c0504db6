using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Text;

/// <summary><c>{"_v": "06335e84-...", "_t": "uuid"}</c>; reads the text alone as well.</summary>
internal sealed class GuidConverter : MarkedConverter<Guid>
{
    /// <inheritdoc/>
    public override void Write(JsonWriter writer, Guid value)
    {
        Markers.Begin(writer);
        writer.Raw(UuidText.Quoted(value, stackalloc byte[UuidText.QuotedLength]));
        Markers.End(writer, Markers.Uuid);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => tag.Equals("uuid"u8);

    /// <inheritdoc/>
    protected override Guid ReadContent(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && UuidText.TryParse(reader.ReadText(), out Guid value) ? value : throw ReadErrors.Mismatch("a UUID", ref start);
    }
}
