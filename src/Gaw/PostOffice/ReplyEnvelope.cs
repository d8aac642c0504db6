using Gaw.Json;

namespace Gaw.PostOffice;

/// <summary>The wrapper of the post office around an answer: <c>{"succ": true, "data": DOCUMENT}</c>. <c>succ</c> says that the question could be read.</summary>
internal static class ReplyEnvelope
{
    /// <summary>The name of the metadata that is in <c>meta</c> of an answer.</summary>
    public static ReadOnlySpan<byte> HeadersName => "headers"u8;

    public static ReadOnlySpan<byte> Head => "{\"succ\": true, \"data\": "u8;

    public static ReadOnlySpan<byte> Tail => "}"u8;

    /// <summary>
    /// The end of an answer with <c>meta</c>, which only a client gets that has sent <c>meta</c> itself: <c>, "meta": {ANNOUNCEMENT, "headers": {...}}}</c>.
    /// With the first answer on a connection it says that answers come as soon as they are there, not in the order of the calls.
    /// </summary>
    /// <param name="writer">Where the document has been written.</param>
    /// <param name="announcement">Members of <c>meta</c>, written; may be empty.</param>
    /// <param name="headers">The answer's metadata, if any.</param>
    public static void EndWithMeta(JsonWriter writer, ReadOnlySpan<byte> announcement, IReadOnlyDictionary<string, string>? headers)
    {
        writer.Append(", \"meta\": {"u8);
        writer.Append(announcement);
        if (headers is not null)
        {
            writer.Append(announcement.IsEmpty ? "\"headers\": "u8 : ", \"headers\": "u8);
            writer.BeginObject();
            foreach ((string name, string value) in headers)
            {
                writer.Name(name);
                writer.String(value);
            }

            writer.EndObject();
        }

        writer.Append("}}"u8);
    }
}
