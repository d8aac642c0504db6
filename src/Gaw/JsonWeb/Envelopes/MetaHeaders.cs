using Gaw.Json;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>The metadata of a call as a member of <c>meta</c>: <c>"headers": {"name": "text"}</c>.</summary>
internal static class MetaHeaders
{
    public static ReadOnlySpan<byte> Name => "headers"u8;

    /// <summary>Reads an object of texts; a member that is no text is left out.</summary>
    public static Dictionary<string, string> Read(ref JsonReader reader)
    {
        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (reader.Peek() == JsonKind.String)
            {
                headers[name.ToString()] = reader.ReadString();
            }
            else
            {
                reader.Skip();
            }
        }

        return headers;
    }

    /// <summary>Writes the metadata as a member of <c>meta</c>, of a request or of a reply.</summary>
    /// <exception cref="GawSerializationException">A name is empty, or a value is <see langword="null"/>: the other side would read an empty text.</exception>
    public static void Write(JsonWriter writer, IReadOnlyDictionary<string, string> headers)
    {
        writer.Name(Name);
        writer.BeginObject();
        WriteTexts(writer, headers);
        writer.EndObject();
    }

    /// <summary>The member of a reply's <c>meta</c> alone, as bytes.</summary>
    /// <param name="headers">The metadata that the method or a filter has left.</param>
    /// <param name="room">As many bytes as fit beside the document.</param>
    /// <exception cref="GawSerializationException">It does not fit, or cannot be written.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, string> headers, int room)
    {
        using JsonWriter writer = new();
        writer.MaxLength = room;
        try
        {
            Write(writer, headers);
        }
        catch (GawSerializationException e) when (e.Within("ResponseMetadata"))
        {
            throw;
        }

        return writer.Written.ToArray();
    }

    /// <inheritdoc cref="Write(JsonWriter, IReadOnlyDictionary{string, string})"/>
    public static void WriteTexts(JsonWriter writer, IReadOnlyDictionary<string, string> headers)
    {
        foreach ((string name, string value) in headers)
        {
            writer.Name(name.Length > 0 ? name : throw new GawSerializationException("A text of the metadata has an empty name. Give each a name."));
            writer.String(value ?? throw new GawSerializationException($"The metadata \"{name}\" is null. Give a text, or leave the name out."));
        }
    }
}
