using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Server.Requests;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server;

/// <summary>Requests to reserved paths, which speak of another call of the same peer: each says whether it was one of its kind.</summary>
/// <param name="server">Whose requests they are.</param>
/// <param name="kept">The kept replies; <see langword="null"/>: none are kept.</param>
internal sealed class ControlRequests(JsonWebServer server, CachedReplies? kept)
{
    /// <summary>The receiver of a stream has named a limit. It moves a stream of the same peer on, and nothing else, so it needs no check against replay; nobody waits for a reply.</summary>
    public bool TryTakeLimit(ReplyChannel channel, in Request request)
    {
        if (!request.Path.SequenceEqual(CallTarget.TakePath))
        {
            return false;
        }

        JsonReader args = new(request.Args, server.Serializer.Limits);
        args.BeginArray();
        if (args.NextItem() && CallIds.TryRead(ref args, out UInt128 id)
            && args.NextItem() && args.TryReadInt64(out long items) && args.NextItem() && args.TryReadInt64(out long bytes))
        {
            RunningCalls.Raise(channel, id, new StreamTotals(items, bytes));
        }

        return true;
    }

    /// <summary>
    /// Items of an argument have come. They move a call of the same peer on, and nothing else, so they need no check against replay; nobody waits for a reply. Without arguments it is the question
    /// whether this server takes such messages.
    /// </summary>
    public bool TryTakeItems(ReplyChannel channel, in Request request, ref ArgumentLease lease)
    {
        if (!request.Path.SequenceEqual(CallTarget.SendPath))
        {
            return false;
        }

        JsonReader args = new(request.Args, server.Serializer.Limits);
        args.BeginArray();
        if (!args.NextItem())
        {
            Reply(channel, request, static writer => writer.Null(), request.Meta.IsEmpty || !channel.TakesStreams ? default : StreamMeta.TakesStreams);
        }
        else if (CallIds.TryRead(ref args, out UInt128 id) && RunningCalls.FindArguments(channel, id) is { } arguments && ItemMessage.TryRead(ref args, out ItemMessage message))
        {
            if (arguments.TryBegin(message) is { } stream)
            {
                lease.Begin(channel, arguments.Handler, inOrder: false);
                stream.Read(message);
                lease.End();
            }
        }

        return true;
    }

    /// <summary>A .NET client has given a call up. The reply says whether that call could be told.</summary>
    public bool TryCancel(ReplyChannel channel, in Request request)
    {
        if (!request.Path.SequenceEqual(CallTarget.CancelPath))
        {
            return false;
        }

        JsonReader args = new(request.Args, server.Serializer.Limits);
        args.BeginArray();
        bool isCancelled = args.NextItem() && CallIds.TryRead(ref args, out UInt128 id) && (RunningCalls.TryCancel(channel, id) || kept?.TryCancel(channel, id) == true);
        Reply(channel, request, isCancelled ? static writer => writer.Boolean(true) : static writer => writer.Boolean(false));
        return true;
    }

    private static void Reply(ReplyChannel channel, in Request request, Action<JsonWriter> write, ReadOnlySpan<byte> meta = default)
    {
        JsonWriter writer = channel.Begin();
        ResponseWriter.BeginResult(writer, request.Id);
        write(writer);
        ResponseWriter.End(writer);
        channel.End(writer, request.Meta.IsEmpty, meta);
    }
}
