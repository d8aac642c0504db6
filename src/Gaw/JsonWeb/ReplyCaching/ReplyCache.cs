namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// Keeps the replies to those callers that may ask for them again, so that a call whose reply was lost on the way is answered without being run
/// a second time. Thread-safe.
/// </summary>
internal sealed class ReplyCache(TimeSpan retention, TimeProvider time)
{
    /// <summary>So many ids are remembered that were asked for, about 3 MiB.</summary>
    public const int MostAskedFor = 100_000;

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, CachedReply> _replies = [];
    private readonly RetainedReplies _done = new(retention);
    private readonly AskedFor _askedFor = new(MostAskedFor);

    /// <summary>What this server calls itself, so that a question for the replies of another one is told apart.</summary>
    public long Server { get; } = ServerIdentity.Create();

    /// <summary>Milliseconds since the cache was made.</summary>
    public long NowMs => (long)time.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>How many replies are kept, those of calls that run included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _replies.Count;
            }
        }
    }

    /// <summary>Finds the reply that is asked for, or the place where it will be.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="sentMs">The earliest that it can have been sent first, on this cache's clock.</param>
    /// <param name="reply">The reply; <see langword="null"/>: the request has never come here.</param>
    /// <returns><see langword="false"/>: it may have run here and been forgotten since.</returns>
    public bool TryFind(UInt128 id, long sentMs, out CachedReply? reply)
    {
        lock (_gate)
        {
            // From now on the request itself may come late, on a connection that its client has left: it must not run then.
            _askedFor.Add(id);
            return _replies.TryGetValue(id, out reply) || sentMs > _done.ForgottenUntil;
        }
    }

    /// <summary>
    /// Makes a place for the reply to a request, to be filled by who runs it now. A client sends a request itself only once, so it is new however old it is, unless its
    /// reply is kept, or was asked for before.
    /// </summary>
    /// <param name="id">The request's id.</param>
    /// <param name="path">What it calls.</param>
    /// <param name="owner">As for <see cref="CachedReply"/>.</param>
    /// <param name="isQuestion">The question for its reply, for which <see cref="TryFind"/> has found nothing, takes the place of the request.</param>
    /// <param name="reply">The place, or the reply that is kept; <see langword="null"/>: it may have run, and its reply is forgotten.</param>
    /// <returns>It is new.</returns>
    public bool TryBegin(UInt128 id, string path, string? owner, bool isQuestion, out CachedReply? reply)
    {
        lock (_gate)
        {
            if (_replies.TryGetValue(id, out reply) || (!isQuestion && _askedFor.Contains(id)))
            {
                return false;
            }

            _replies[id] = reply = new CachedReply(id, path, owner, this);
            return true;
        }
    }

    /// <summary>Cancels the call with this id, on whichever connection of its owner it came.</summary>
    public bool TryCancel(UInt128 id, string? owner)
    {
        CachedReply? reply;
        lock (_gate)
        {
            _replies.TryGetValue(id, out reply);
        }

        return reply is not null && reply.Owner == owner && reply.TryCancel();
    }

    /// <summary>Forgets what has been kept for its time.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            while (_done.TryForget(NowMs, out CachedReply? oldest))
            {
                _replies.Remove(oldest.Id);
            }
        }
    }

    /// <summary>The reply is there, and will be kept from now on.</summary>
    public void Complete(CachedReply reply)
    {
        lock (_gate)
        {
            // The begun millisecond counts whole.
            reply.CompletedMs = NowMs + 1;
            _done.Add(reply);
            Forget();
        }
    }
}
