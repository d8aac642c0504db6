using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Writes the requests to reserved paths, which one .NET side sends the other beside its calls.</summary>
internal static class ControlRequestWriter
{
    /// <summary>Writes the request that asks a .NET server to cancel another one of the same connection.</summary>
    public static void WriteCancellation(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> cancelledPrefix, int cancelledKey, Audience audience)
    {
        RequestWriter.BeginArgs(writer, idPrefix, key, CallTarget.Cancel);
        RequestWriter.WriteId(writer, cancelledPrefix, cancelledKey);
        EndBareRequest(writer, audience);
    }

    /// <summary>Writes the message that names a limit to the sender of a stream.</summary>
    public static void WriteLimit(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> streamPrefix, int streamKey, StreamTotals limit)
    {
        RequestWriter.BeginArgs(writer, idPrefix, key, CallTarget.Take);
        RequestWriter.WriteId(writer, streamPrefix, streamKey);
        writer.Append(", "u8);
        writer.Integer(limit.Items);
        writer.Append(", "u8);
        writer.Integer(limit.Bytes);
        EndBareRequest(writer, Audience.Unsaid);
    }

    /// <summary>Begins a message with items of an argument: they come next, in an array that has begun.</summary>
    public static void BeginItems(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> callPrefix, int callKey, int number)
    {
        RequestWriter.BeginArgs(writer, idPrefix, key, CallTarget.Send);
        RequestWriter.WriteId(writer, callPrefix, callKey);
        writer.Append(", "u8);
        writer.Integer(number);
        writer.Append(", "u8);
        writer.BeginArray();
    }

    /// <summary>Ends a message with items of an argument.</summary>
    /// <param name="writer">Behind the last item.</param>
    /// <param name="sent">The sender's totals behind it.</param>
    /// <param name="isLast">No further message comes.</param>
    /// <param name="failure">Why, where that is not the end of the stream.</param>
    public static void EndItems(JsonWriter writer, StreamTotals sent, bool isLast, ErrorInfo? failure)
    {
        writer.EndArray();
        writer.Append(", "u8);
        StreamMeta.WriteTotals(writer, sent);
        writer.Append(", "u8);
        if (failure is not null)
        {
            writer.BeginObject();
            failure.WriteMembers(writer);
            writer.EndObject();
        }
        else if (isLast)
        {
            writer.Boolean(true);
        }
        else
        {
            writer.Null();
        }

        EndBareRequest(writer, Audience.Unsaid);
    }

    /// <summary>Writes the request of <see cref="CapabilityProbe"/>.</summary>
    public static void WriteProbe(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, CallTarget target)
    {
        RequestWriter.BeginArgs(writer, idPrefix, key, target);
        EndBareRequest(writer, Audience.Unsaid);
    }

    /// <summary>The bytes behind the positional arguments of a request to a reserved path.</summary>
    private static void EndBareRequest(JsonWriter writer, Audience audience)
    {
        writer.Append("], \"_t\": \"tuple\"}, \"kwargs\": {}, \"meta\": "u8);
        writer.BeginObject();
        audience.Write(writer);
        writer.EndObject();
        writer.Append(RequestWriter.Tail);
    }
}
