using Gaw.Json;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>
/// Writes requests in the original's form, with <c>meta</c> beside <c>args</c> and <c>kwargs</c>: an original server ignores it, a .NET
/// server may then answer out of order, and cancels the method when the caller's time is over.
/// </summary>
internal static class RequestWriter
{
    /// <summary>Writes a request.</summary>
    /// <param name="writer">Empty.</param>
    /// <param name="idPrefix">The digits of the id in front of its key.</param>
    /// <param name="key">The rest of the id.</param>
    /// <param name="target">What is called.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="timeout">How long the caller will wait.</param>
    /// <param name="metadata">The caller's metadata, if any.</param>
    /// <param name="keep">Whether the caller may ask for the reply again.</param>
    /// <param name="repeat">What was sent before, where this is the question for its reply.</param>
    public static void Write<TArguments>(
        JsonWriter writer,
        ReadOnlySpan<byte> idPrefix,
        int key,
        CallTarget target,
        in TArguments arguments,
        TimeSpan timeout,
        IReadOnlyDictionary<string, string>? metadata,
        bool keep = false,
        RepeatedRequest? repeat = null)
        where TArguments : ICallArguments
    {
        BeginArgs(writer, idPrefix, key, target);
        arguments.WriteArgs(writer);
        writer.Append("], \"_t\": \"tuple\"}, \"kwargs\": "u8);
        writer.BeginObject();
        arguments.WriteKwargs(writer);
        writer.EndObject();
        writer.Append(", \"meta\": "u8);
        WriteMeta(writer, timeout, metadata, keep, repeat);
        writer.Append(Tail);
    }

    /// <summary>Writes the request that asks a .NET server to cancel another one of the same connection.</summary>
    public static void WriteCancellation(JsonWriter writer, ReadOnlySpan<byte> idPrefix, int key, ReadOnlySpan<byte> cancelledPrefix, int cancelledKey)
    {
        BeginArgs(writer, idPrefix, key, CallTarget.Cancel);
        WriteId(writer, cancelledPrefix, cancelledKey);
        writer.Append("], \"_t\": \"tuple\"}, \"kwargs\": {}, \"meta\": {}"u8);
        writer.Append(Tail);
    }

    private static ReadOnlySpan<byte> Tail => "}}, \"_t\": \"RequestDataType\"}"u8;

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

    private static void WriteMeta(JsonWriter writer, TimeSpan timeout, IReadOnlyDictionary<string, string>? metadata, bool keep, RepeatedRequest? repeat)
    {
        writer.BeginObject();
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            writer.Name(RequestMeta.TimeoutName);
            writer.Integer((long)timeout.TotalMilliseconds);
        }

        if (metadata is not null)
        {
            writer.Name(RequestMeta.HeadersName);
            writer.BeginObject();
            foreach ((string name, string value) in metadata)
            {
                writer.Name(name);
                writer.String(value);
            }

            writer.EndObject();
        }

        if (keep)
        {
            writer.Name(RequestMeta.KeepName);
            writer.Boolean(true);
        }

        repeat?.Write(writer);
        writer.EndObject();
    }
}
