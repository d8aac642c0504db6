using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>A block of bytes as base64 text.</summary>
internal sealed class MemoryConverter : ValueConverter<Memory<byte>>
{
    /// <inheritdoc/>
    public override Memory<byte> Read(ref JsonReader reader) => BytesConverter.ReadBytes(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, Memory<byte> value) => writer.String(Convert.ToBase64String(value.Span));
}
