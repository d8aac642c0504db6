using System.Security.Cryptography;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>
/// Keeps the replies to those callers that may ask for them again, so that a call whose answer was lost on the way is answered without being run
/// a second time. Thread-safe.
/// </summary>
internal sealed class ReplyKeeper(TimeSpan retention, TimeProvider time)
{
    /// <summary>Replies that are kept at most, in bytes; beyond them the oldest are forgotten before their time.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>What a reply takes besides its bytes, about.</summary>
    private const int BytesOfEntry = 256;

    /// <summary>How long a question for a reply may be on its way, beyond what its <see cref="RepeatedRequest.Age"/> says.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, KeptReply> _replies = [];
    private readonly Queue<KeptReply> _done = new();
    private long _bytes;

    /// <summary>When the last of the forgotten replies was given; what was given later is still kept.</summary>
    private long? _forgottenUntil;

    /// <summary>What this server calls itself, so that a question for the replies of another one is told apart.</summary>
    public long Server { get; } = (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 2);

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

    /// <summary>The reply to a request, from before or, with <paramref name="isNew"/>, to be given by who runs the request now.</summary>
    public KeptReply Begin(UInt128 id, out bool isNew)
    {
        lock (_gate)
        {
            Forget();
            isNew = !_replies.TryGetValue(id, out KeptReply? reply);
            return isNew ? _replies[id] = new KeptReply(id, this) : reply!;
        }
    }

    /// <summary>Finds the reply to a request that was sent before.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="age">At least how long ago it was first sent.</param>
    /// <param name="reply">The reply; <see langword="null"/>: the request has never come here, so it may be run.</param>
    /// <returns><see langword="false"/>: it may have run here and been forgotten since.</returns>
    public bool TryFind(UInt128 id, TimeSpan age, out KeptReply? reply)
    {
        lock (_gate)
        {
            Forget();
            return _replies.TryGetValue(id, out reply) || _forgottenUntil is not { } forgotten || time.GetElapsedTime(forgotten) > age + LongestWay;
        }
    }

    /// <summary>The reply is there, and will be kept from now on.</summary>
    private void Complete(KeptReply reply)
    {
        lock (_gate)
        {
            reply.CompletedAt = time.GetTimestamp();
            _done.Enqueue(reply);
            _bytes += reply.Document.Length + BytesOfEntry;
            Forget();
        }
    }

    private void Forget()
    {
        while (_done.TryPeek(out KeptReply? oldest) && (_bytes > MaxBytes || time.GetElapsedTime(oldest.CompletedAt) > retention))
        {
            _done.Dequeue();
            _replies.Remove(oldest.Id);
            _bytes -= oldest.Document.Length + BytesOfEntry;
            _forgottenUntil = oldest.CompletedAt;
        }
    }

    /// <summary>One reply, or the place where it will be.</summary>
    internal sealed class KeptReply(UInt128 id, ReplyKeeper keeper)
    {
        private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public UInt128 Id => id;

        /// <summary>Completes when <see cref="Document"/> is there.</summary>
        public Task Completed => _completed.Task;

        /// <summary>The response's document, id included.</summary>
        public byte[] Document { get; private set; } = [];

        public IReadOnlyDictionary<string, string>? Metadata { get; private set; }

        public long CompletedAt { get; set; }

        /// <summary>Keeps the reply, which is on its way to the caller for the first time.</summary>
        public void Complete(ReadOnlySpan<byte> document, IReadOnlyDictionary<string, string>? metadata)
        {
            Document = document.ToArray();
            Metadata = metadata;
            keeper.Complete(this);
            _completed.SetResult();
        }
    }
}

/// <summary>The answer to a request that was sent before: its reply, now or as soon as it is there.</summary>
internal sealed class RepeatedReply(ServerConnection connection, ReplyKeeper.KeptReply kept) : InboundMessage
{
    public override ValueTask ProcessAsync()
    {
        if (!kept.Completed.IsCompleted)
        {
            return ReplyLaterAsync();
        }

        Reply();
        return default;
    }

    private async ValueTask ReplyLaterAsync()
    {
        await kept.Completed.ConfigureAwait(false);
        Reply();
    }

    private void Reply()
    {
        Json.JsonWriter writer = connection.Replies.Begin();
        writer.Append(kept.Document);
        connection.Replies.End(writer, inOrder: false, kept.Metadata);
    }
}
