using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>Replies again to requests that came before. What it finds in the <see cref="ReplyCache"/>, it sends; what is not there, its caller rejects.</summary>
internal sealed class CachedReplies(ReplyCache cache)
{
    /// <summary>What becomes of a request.</summary>
    public enum Outcome
    {
        /// <summary>It has never come: it may run.</summary>
        New,

        /// <summary>Its reply is sent again, or will be as soon as it is there.</summary>
        Replied,

        /// <summary>It may have run, and its reply is not kept for its sender.</summary>
        NotKept,
    }

    /// <summary>What the server says of itself: members of <c>meta</c>.</summary>
    public byte[] Announce() => new ReplyCacheInfo(cache.Server, cache.NowMs).Write();

    /// <summary>What the client says of the reply to keep, if it is meant for this server.</summary>
    public ReplyCacheKey? GetKey(RequestMeta meta) => meta.Keep is { } wanted && wanted.Server == cache.Server ? wanted : null;

    /// <summary>For the question for a reply. Where the request itself never came, the question takes its place, and becomes a request for its path.</summary>
    public Outcome Ask(ReplyChannel channel, ref Request request, RequestMeta meta, ReplyCacheKey? keep)
    {
        if (meta.Repeat is not { } path || keep is null || !CallIds.TryParse(request.Id, out UInt128 id) || !cache.TryFind(id, keep.Value.SentMs, out CachedReply? reply))
        {
            return Outcome.NotKept;
        }

        if (reply is not null)
        {
            return ReplyAgain(channel, path, reply);
        }

        request.UnescapedPath = path;
        return Outcome.New;
    }

    /// <summary>Makes a place for the reply to a request.</summary>
    /// <param name="channel">Where the request came from.</param>
    /// <param name="request">The request.</param>
    /// <param name="path">What it calls.</param>
    /// <param name="place">Where its reply will be kept; <see langword="null"/> where its id is of a kind that nobody can ask for.</param>
    public Outcome TryBegin(ReplyChannel channel, in Request request, string path, out CachedReply? place)
    {
        place = null;
        if (!CallIds.TryParse(request.Id, out UInt128 id))
        {
            return Outcome.New;
        }

        bool isQuestion = request.Path.SequenceEqual(CallTarget.RepeatPath);
        return cache.TryBegin(id, path, OwnerOf(channel), isQuestion, out place) ? Outcome.New
            : place is null ? Outcome.NotKept
            : ReplyAgain(channel, path, place);
    }

    /// <inheritdoc cref="ReplyCache.TryCancel"/>
    public bool TryCancel(ReplyChannel channel, UInt128 id) => cache.TryCancel(id, OwnerOf(channel));

    private static string? OwnerOf(ReplyChannel channel) => channel.ClientCertificate?.Thumbprint;

    /// <summary>Replies as the first time, now or as soon as the call that runs is done.</summary>
    private static Outcome ReplyAgain(ReplyChannel channel, string path, CachedReply kept)
    {
        if (kept.Owner != OwnerOf(channel) || kept.Path != path)
        {
            return Outcome.NotKept;
        }

        if (kept.Completed.IsCompleted)
        {
            Send();
        }
        else
        {
            channel.ReplyAfter(kept.Completed, Send);
        }

        return Outcome.Replied;

        void Send()
        {
            JsonWriter writer = channel.Begin();
            writer.Append(kept.Document);
            channel.End(writer, inOrder: false, kept.Meta, again: true);
        }
    }
}
