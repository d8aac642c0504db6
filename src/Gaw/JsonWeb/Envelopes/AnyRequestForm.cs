using System.Text;
using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Takes apart a request of any form that the original's server takes: members in any order, white space, escapes, a list in place of a tuple.</summary>
internal static class AnyRequestForm
{
    private static readonly ErrorInfo NotARequest = new("ValueError", "the document is not a request: it needs _t \"RequestDataType\" and in _v exactly id, path and payload");

    /// <inheritdoc cref="RequestReader.Read"/>
    public static ErrorInfo? Read(ReadOnlySpan<byte> document, JsonLimits limits, ref Request request)
    {
        ReadOnlySpan<byte> value = default;
        bool typed = false;
        JsonReader reader = new(document, limits);
        if (reader.Peek() != JsonKind.Object)
        {
            reader.Skip();
            reader.ReadEnd();
            return NotARequest;
        }

        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(Markers.Tag))
            {
                typed = reader.Peek() == JsonKind.String ? reader.ReadText().Equals("RequestDataType"u8) : SkipAndDeny(ref reader);
            }
            else
            {
                bool isValue = name.Equals(Markers.Value);
                ReadOnlySpan<byte> skipped = reader.Skip();
                value = isValue ? skipped : value;
            }
        }

        reader.ReadEnd();
        if (value.IsEmpty || value[0] != '{')
        {
            return NotARequest;
        }

        ErrorInfo? fault = ReadParts(value, limits, ref request);
        return typed ? fault : NotARequest;
    }

    private static bool SkipAndDeny(ref JsonReader reader)
    {
        reader.Skip();
        return false;
    }

    private static ErrorInfo? ReadParts(ReadOnlySpan<byte> parts, JsonLimits limits, ref Request request)
    {
        ErrorInfo? fault = null;
        ReadOnlySpan<byte> payload = default;
        bool hasPath = false;
        JsonReader reader = new(parts, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals("id"u8))
            {
                request.Id = reader.Skip();
            }
            else if (name.Equals("path"u8))
            {
                hasPath = true;
                fault = ReadPath(ref reader, ref request) ?? fault;
            }
            else if (name.Equals("payload"u8))
            {
                payload = reader.Skip();
            }
            else
            {
                reader.Skip();
                fault = NotARequest;
            }
        }

        if (request.Id.IsEmpty || !hasPath || payload.IsEmpty)
        {
            return NotARequest;
        }

        return fault ?? AnyPayloadForm.Read(payload, limits, ref request);
    }

    private static ErrorInfo? ReadPath(ref JsonReader reader, ref Request request)
    {
        switch (reader.Peek())
        {
            case JsonKind.String:
                JsonText text = reader.ReadText();
                request.Path = text.HasEscapes ? default : text.Raw;
                request.UnescapedPath = text.HasEscapes ? text.ToString() : null;
                return null;
            case JsonKind.Array or JsonKind.Object:
                reader.Skip();
                return new ErrorInfo("TypeError", "path must be a text");
            default:
                // Python looks up whatever it is and does not find it.
                ReadOnlySpan<byte> json = reader.Skip();
                request.UnescapedPath = json.SequenceEqual("null"u8) ? "None" : Encoding.UTF8.GetString(json);
                return null;
        }
    }
}
