using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Server.Requests;

/// <summary>Whether a request may run at all. Each check replies where it may not.</summary>
/// <param name="server">Whose requests they are.</param>
/// <param name="replays">Refuses repeated requests, and those for other servers; <see langword="null"/> where that was not asked for.</param>
/// <param name="rejections">Replies to requests that do not run.</param>
internal sealed class RequestChecks(JsonWebServer server, ReplayGuard? replays, RequestRejections rejections)
{
    /// <summary>Replies to requests that do not run.</summary>
    public RequestRejections Rejections => rejections;

    /// <summary>The request names no other server, and does not ask for this one's name.</summary>
    public bool IsForThisServer(ReplyChannel channel, in Request request)
    {
        if (replays is null || Audience.Read(request.Meta, server.Serializer.Limits) is not { IsSaid: true } audience || audience.Includes(replays.Server))
        {
            return true;
        }

        rejections.RejectAudience(channel, request, audience);
        return false;
    }

    /// <summary>Reads whether the reply is to be kept. The question for a kept reply is answered here, unless the request itself never came.</summary>
    public bool TryReadKeep(CachedReplies replies, ReplyChannel channel, ref Request request, out RequestMeta meta, out ReplyCacheKey? keep)
    {
        meta = RequestMeta.Read(request.Meta, server.Serializer.Limits);
        keep = replies.GetKey(meta);
        return !request.Path.SequenceEqual(CallTarget.RepeatPath) || IsNew(replies.Ask(channel, ref request, meta, keep), channel, request);
    }

    public bool IsNew(CachedReplies.Outcome outcome, ReplyChannel channel, in Request request)
    {
        if (outcome == CachedReplies.Outcome.NotKept)
        {
            rejections.RejectRepetition(channel, request);
        }

        return outcome == CachedReplies.Outcome.New;
    }

    /// <summary>The request was not recorded on the way and sent again.</summary>
    public bool IsFirstUse(ReplyChannel channel, in Request request)
    {
        if (replays?.Refuse(request.Id) is not { } reason)
        {
            return true;
        }

        rejections.RejectReplay(channel, request, reason);
        return false;
    }

    /// <summary>The server is draining, and the client knows what it means to be told so.</summary>
    public static bool IsTooLate(ReplyChannel channel, in Request request)
    {
        if (!channel.RejectsNewCalls || request.Meta.IsEmpty)
        {
            return false;
        }

        RequestRejections.RejectWhileDraining(channel, request);
        return true;
    }
}
