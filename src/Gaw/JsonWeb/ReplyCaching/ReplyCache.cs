using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// Keeps the replies to those callers that may ask for them again, so that a call whose reply was lost on the way is answered without being run
/// a second time. Thread-safe.
/// </summary>
internal sealed class ReplyCache(TimeSpan retention, TimeProvider time)
{
    /// <summary>Replies that are kept at most, in bytes; beyond them the oldest are forgotten before their time.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>So many ids are remembered that were asked for, about 3 MiB.</summary>
    public const int MostAskedFor = 100_000;

    /// <summary>What a reply takes besides its bytes, about.</summary>
    private const int BytesOfEntry = 256;

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, CachedReply> _replies = [];
    private readonly Queue<CachedReply> _done = new();
    private readonly AskedFor _askedFor = new(MostAskedFor);
    private long _bytes;

    /// <summary>By this time on the cache's clock the last of the forgotten replies had been given; what was asked later is still known.</summary>
    private long _forgottenUntil = -1;

    /// <summary>What this server calls itself, so that a question for the replies of another one is told apart.</summary>
    public long Server { get; } = Audience.CreateIdentity();

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
            return _replies.TryGetValue(id, out reply) || sentMs > _forgottenUntil;
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
            while (_done.TryPeek(out CachedReply? oldest) && (_bytes > MaxBytes || NowMs - oldest.CompletedMs > retention.TotalMilliseconds))
            {
                _done.Dequeue();
                _replies.Remove(oldest.Id);
                _bytes -= oldest.Bytes + BytesOfEntry;
                _forgottenUntil = oldest.CompletedMs;
            }
        }
    }

    /// <summary>The reply is there, and will be kept from now on.</summary>
    private void Complete(CachedReply reply)
    {
        lock (_gate)
        {
            // The begun millisecond counts whole.
            reply.CompletedMs = NowMs + 1;
            _done.Enqueue(reply);
            _bytes += reply.Bytes + BytesOfEntry;
            Forget();
        }
    }

    /// <summary>One reply, or the place where it will be.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="path">What it calls: only the question for that is answered.</param>
    /// <param name="owner">The thumbprint of the certificate that its caller has shown, if any: only for that one is it repeated, and only that one cancels it.</param>
    /// <param name="cache">Where it is kept.</param>
    internal sealed class CachedReply(UInt128 id, string path, string? owner, ReplyCache cache)
    {
        private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public UInt128 Id => id;

        public string Path => path;

        public string? Owner => owner;

        /// <summary>Completes when <see cref="Document"/> is there.</summary>
        public Task Completed => _completed.Task;

        /// <summary>The response's document, id included.</summary>
        public byte[] Document { get; private set; } = [];

        /// <summary>What stands beside it: members of <c>meta</c>.</summary>
        public byte[] Meta { get; private set; } = [];

        public int Bytes => Document.Length + Meta.Length;

        public long CompletedMs { get; set; }

        /// <summary>Cancels the call while it runs, where its method wants to know.</summary>
        public CallCancellation? Cancellation { get; set; }

        /// <summary>Where the call came from, until it has ended.</summary>
        public ReplyChannel? Channel { get; set; }

        /// <summary>Withdraws the call, or cancels it where it has begun and can be told.</summary>
        public bool TryCancel() => Channel?.TryWithdraw(id) == true || Cancellation?.CancelSafely() == true;

        /// <summary>Keeps the reply, which is on its way to the caller for the first time.</summary>
        public void Complete(ReadOnlySpan<byte> document, byte[] meta)
        {
            Document = document.ToArray();
            Meta = meta;
            cache.Complete(this);
            _completed.SetResult();
        }
    }

    /// <summary>The newest of the ids that were asked for.</summary>
    private sealed class AskedFor(int most)
    {
        private readonly HashSet<UInt128> _ids = [];
        private readonly Queue<UInt128> _order = new();

        public bool Contains(UInt128 id) => _ids.Contains(id);

        public void Add(UInt128 id)
        {
            if (!_ids.Add(id))
            {
                return;
            }

            _order.Enqueue(id);
            if (_order.Count > most)
            {
                _ids.Remove(_order.Dequeue());
            }
        }
    }
}
