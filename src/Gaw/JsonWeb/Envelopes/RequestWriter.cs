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
    internal static ReadOnlySpan<byte> Tail => "}}, \"_t\": \"RequestDataType\"}"u8;

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

    internal static void BeginArgs(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, CallTarget target)
    {
        writer.Append("{\"_v\": {\"id\": "u8);
        WriteId(writer, idPrefix, key);
        writer.Append(target.AfterId);
    }

    internal static void WriteId(JsonWriter writer, ReadOnlySpan<byte> prefix, int key)
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
