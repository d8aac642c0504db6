using System.Buffers.Text;
using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>Bytes as base64 text, since the original has no form for bytes.</summary>
internal sealed class BytesConverter : ValueConverter<byte[]>
{
    /// <inheritdoc/>
    public override byte[]? Read(ref JsonReader reader)
    {
        if (reader.Peek() is not JsonKind.Null)
        {
            return ReadBytes(ref reader);
        }

        reader.ReadNull();
        return null;
    }

    /// <summary>Consumes the text of bytes.</summary>
    public static byte[] ReadBytes(ref JsonReader reader)
    {
        JsonReader start = reader;
        if (reader.Peek() is not JsonKind.String)
        {
            throw ReadErrors.Mismatch("bytes as base64 text", ref start);
        }

        JsonText text = reader.ReadText();
        ReadOnlySpan<byte> ascii = text.HasEscapes ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw;
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(ascii.Length)];
        return Base64.IsValid(ascii) && Base64.DecodeFromUtf8(ascii, bytes, out _, out int written) is System.Buffers.OperationStatus.Done
            ? bytes.AsSpan(0, written).ToArray()
            : throw ReadErrors.Mismatch("bytes as base64 text", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, byte[]? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else
        {
            writer.String(Convert.ToBase64String(value));
        }
    }
}
