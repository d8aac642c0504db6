using Gaw.Json;
using Gaw.Serialization.Marking;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Takes responses apart.</summary>
internal static class ResponseReader
{
    private static ReadOnlySpan<byte> Head => "{\"_v\": {\"resp_to\": "u8;

    private static ReadOnlySpan<byte> UsualMiddle => ", \"success\": true, \"payload\": "u8;

    private static ReadOnlySpan<byte> UsualTail => "}, \"_t\": \"ResponseDataType\"}"u8;

    /// <summary>Finds the id in a reply's document; empty where there is none. Gets a document that may be cut off at its end.</summary>
    public static ReadOnlySpan<byte> GetId(ReadOnlySpan<byte> document)
    {
        if (document.StartsWith(Head))
        {
            ReadOnlySpan<byte> rest = document[Head.Length..];
            int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits > 0 && rest[digits] == ',')
            {
                return rest[..digits];
            }
        }

        try
        {
            return TryReadAnyForm(document, out Response response) ? response.Id : default;
        }
        catch (JsonFormatException)
        {
            return default;
        }
    }

    /// <summary>
    /// The usual form of a success up to its payload. The payload's end is not looked for: its reader finds it, and then checks with
    /// <see cref="IsUsualTail"/> that nothing but the envelope's end follows.
    /// </summary>
    public static bool TryReadUsualHead(ReadOnlySpan<byte> document, int idLength, out ReadOnlySpan<byte> fromPayload)
    {
        int middle = Head.Length + idLength;
        fromPayload = default;
        if (document.Length < middle || !document.StartsWith(Head) || !document[middle..].StartsWith(UsualMiddle))
        {
            return false;
        }

        fromPayload = document[(middle + UsualMiddle.Length)..];
        return true;
    }

    public static bool IsUsualTail(ReadOnlySpan<byte> afterPayload) => afterPayload.SequenceEqual(UsualTail);

    /// <summary>Takes any form of a response apart. <see langword="false"/>: it is JSON, but no response.</summary>
    /// <exception cref="JsonFormatException">The document is not JSON as Python writes it.</exception>
    public static bool TryReadAnyForm(ReadOnlySpan<byte> document, out Response response)
    {
        response = default;
        JsonReader reader = new(document, JsonLimits.Default);
        if (reader.Peek() != JsonKind.Object)
        {
            return false;
        }

        ReadOnlySpan<byte> value = default;
        bool typed = false;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(Markers.Value))
            {
                value = reader.Skip();
            }
            else if (name.Equals(Markers.Tag) && reader.Peek() == JsonKind.String)
            {
                typed = reader.ReadText().Equals("ResponseDataType"u8);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.ReadEnd();
        if (!typed || value.IsEmpty || value[0] != '{')
        {
            return false;
        }

        bool hasSuccess = false;
        JsonReader parts = new(value, JsonLimits.Default);
        parts.BeginObject();
        while (parts.NextProperty(out JsonText name))
        {
            if (name.Equals("resp_to"u8))
            {
                response.Id = parts.Skip();
            }
            else if (name.Equals("success"u8))
            {
                hasSuccess = true;
                response.Succeeded = PythonTruth.IsTrue(parts.Skip());
            }
            else if (name.Equals("payload"u8))
            {
                response.Payload = parts.Skip();
            }
            else
            {
                parts.Skip();
            }
        }

        return hasSuccess && !response.Id.IsEmpty && !response.Payload.IsEmpty;
    }
}
