using Gaw.Json;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Writes responses in the original's form.</summary>
internal static class ResponseWriter
{
    /// <summary>Everything up to the result, which the caller writes next, as one value.</summary>
    public static void BeginResult(JsonWriter writer, ReadOnlySpan<byte> id)
    {
        writer.Append("{\"_v\": {\"resp_to\": "u8);
        writer.Append(id);
        writer.Append(", \"success\": true, \"payload\": "u8);
    }

    public static void End(JsonWriter writer) => writer.Append("}, \"_t\": \"ResponseDataType\"}"u8);

    /// <summary>Replies with an error. One that does not fit into the server's frames is shortened: it is never the reply that fails.</summary>
    public static void ReplyError(ReplyChannel channel, ReadOnlySpan<byte> id, ErrorInfo error, bool inOrder, ReadOnlySpan<byte> meta = default, bool again = false)
    {
        JsonWriter writer = channel.Begin();
        WriteFittingError(channel, writer, id, error);
        channel.End(writer, inOrder, meta, again);
    }

    /// <summary>Writes an error into a reply that was begun and is empty, shortened where it has to be.</summary>
    public static void WriteFittingError(ReplyChannel channel, JsonWriter writer, ReadOnlySpan<byte> id, ErrorInfo error)
    {
        try
        {
            WriteError(writer, id, error);
        }
        catch (GawSerializationException)
        {
            channel.Restart(writer);
            writer.MaxLength = int.MaxValue;
            WriteError(writer, id, error.Shorten());
        }
    }

    public static void WriteError(JsonWriter writer, ReadOnlySpan<byte> id, ErrorInfo error)
    {
        writer.Append("{\"_v\": {\"resp_to\": "u8);
        writer.Append(id);
        writer.Append(", \"success\": false, \"payload\": "u8);
        writer.BeginObject();
        error.WriteMembers(writer);
        writer.EndObject();
        End(writer);
    }
}
