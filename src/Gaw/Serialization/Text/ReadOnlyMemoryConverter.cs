using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>A block of bytes as base64 text.</summary>
internal sealed class ReadOnlyMemoryConverter : ValueConverter<ReadOnlyMemory<byte>>
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Read(ref JsonReader reader) => BytesConverter.ReadBytes(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, ReadOnlyMemory<byte> value) => writer.String(Convert.ToBase64String(value.Span));
}
