using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>
/// Writes requests in the original's form, with <c>meta</c> beside <c>args</c> and <c>kwargs</c>: an original server ignores it, a .NET
/// server may then answer out of order, and cancels the method when the caller's time is over.
/// </summary>
internal static class RequestWriter
{
    private static ReadOnlySpan<byte> Tail => "}}, \"_t\": \"RequestDataType\"}"u8;

    /// <summary>Writes a request.</summary>
    /// <param name="writer">Empty.</param>
    /// <param name="idPrefix">The digits of the id in front of its key.</param>
    /// <param name="key">The rest of the id.</param>
    /// <param name="target">The called method.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="timeout">How long the caller will wait.</param>
    /// <param name="metadata">The caller's metadata, if any.</param>
    /// <param name="keep">Given where the caller may ask for the reply again.</param>
    /// <param name="repeatedPath">The path that was called before, where this is the question for its reply.</param>
    /// <param name="audience">The server that it is meant for.</param>
    /// <param name="wish">Given where the result is wanted in parts.</param>
    /// <param name="progress">The caller takes reports of the method's progress.</param>
    /// <param name="alive">How often a sign of life is wanted, where arguments are streams and the result is none.</param>
    public static void Write<TArguments>(
        JsonWriter writer,
        ReadOnlySpan<byte> idPrefix,
        int key,
        CallTarget target,
        in TArguments arguments,
        TimeSpan timeout,
        IReadOnlyDictionary<string, string>? metadata,
        ReplyCacheKey? keep = null,
        string? repeatedPath = null,
        Audience audience = default,
        StreamWish? wish = null,
        bool progress = false,
        TimeSpan? alive = null)
        where TArguments : ICallArguments
    {
        BeginArgs(writer, idPrefix, key, target);
        arguments.WriteArgs(writer);
        writer.Append("], \"_t\": \"tuple\"}, \"kwargs\": "u8);
        writer.BeginObject();
        writer.ArgumentDepth = 1;
        arguments.WriteKwargs(writer);
        writer.EndObject();
        writer.Append(", \"meta\": "u8);
        WriteMeta(writer, timeout, metadata, keep, repeatedPath, audience, wish, progress, alive);
        writer.Append(Tail);
    }

    /// <summary>Writes the request that asks a .NET server to cancel another one of the same connection.</summary>
    public static void WriteCancellation(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> cancelledPrefix, int cancelledKey, Audience audience)
    {
        BeginArgs(writer, idPrefix, key, CallTarget.Cancel);
        WriteId(writer, cancelledPrefix, cancelledKey);
        EndBareRequest(writer, audience);
    }

    /// <summary>Writes the message that names a limit to the sender of a stream.</summary>
    public static void WriteLimit(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> streamPrefix, int streamKey, StreamTotals limit)
    {
        BeginArgs(writer, idPrefix, key, CallTarget.Take);
        WriteId(writer, streamPrefix, streamKey);
        writer.Append(", "u8);
        writer.Integer(limit.Items);
        writer.Append(", "u8);
        writer.Integer(limit.Bytes);
        EndBareRequest(writer, Audience.Unsaid);
    }

    /// <summary>Begins a message with items of an argument: they come next, in an array that has begun.</summary>
    public static void BeginItems(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> callPrefix, int callKey, int number)
    {
        BeginArgs(writer, idPrefix, key, CallTarget.Send);
        WriteId(writer, callPrefix, callKey);
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
        BeginArgs(writer, idPrefix, key, target);
        EndBareRequest(writer, Audience.Unsaid);
    }

    /// <summary>The bytes behind the positional arguments of a request to a reserved path.</summary>
    private static void EndBareRequest(JsonWriter writer, Audience audience)
    {
        writer.Append("], \"_t\": \"tuple\"}, \"kwargs\": {}, \"meta\": "u8);
        writer.BeginObject();
        audience.Write(writer);
        writer.EndObject();
        writer.Append(Tail);
    }

    private static void BeginArgs(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, CallTarget target)
    {
        writer.Append("{\"_v\": {\"id\": "u8);
        WriteId(writer, idPrefix, key);
        writer.Append(target.AfterId);
    }

    private static void WriteId(JsonWriter writer, ReadOnlySpan<byte> prefix, int key)
    {
        Span<byte> digits = stackalloc byte[CallIds.KeyDigits];
        CallIds.WriteKey(digits, key);
        writer.Append(prefix);
        writer.Append(digits);
    }

    private static void WriteMeta(JsonWriter writer, TimeSpan timeout, IReadOnlyDictionary<string, string>? metadata, ReplyCacheKey? keep, string? repeatedPath, Audience audience, StreamWish? wish, bool progress, TimeSpan? alive)
    {
        writer.BeginObject();

        // First: a server with a replay window looks at nothing else before it.
        audience.Write(writer);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            writer.Name(RequestMeta.TimeoutName);
            writer.Integer((long)timeout.TotalMilliseconds);
        }

        HeaderWriter.Write(writer, metadata);
        keep?.Write(writer);
        if (repeatedPath is not null)
        {
            writer.Name(ReplyCacheKey.RepeatName);
            writer.String(repeatedPath);
        }

        if (wish is not null)
        {
            StreamMeta.WriteWish(writer, wish);
        }
        else
        {
            StreamMeta.WriteAlive(writer, alive);
        }

        if (progress)
        {
            writer.Name(ReportMeta.ProgressName);
            writer.Boolean(true);
        }

        writer.EndObject();
    }
}
