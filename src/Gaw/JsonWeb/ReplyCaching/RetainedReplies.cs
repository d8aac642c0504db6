using System.Diagnostics.CodeAnalysis;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>The replies that are there, the oldest first, and which of them are forgotten. Not thread-safe.</summary>
/// <param name="retention">How long they are kept, where memory allows it.</param>
internal sealed class RetainedReplies(TimeSpan retention)
{
    /// <summary>Replies that are kept at most, in bytes; beyond them the oldest are forgotten before their time.</summary>
    public const long MaxBytes = 64L * 1024 * 1024;

    /// <summary>What a reply takes besides its bytes, about.</summary>
    private const int BytesOfEntry = 256;

    private readonly Queue<CachedReply> _replies = new();
    private long _bytes;

    /// <summary>By this time on the cache's clock the last of the forgotten replies had been given; what was asked later is still known. -1: none was forgotten.</summary>
    public long ForgottenUntil { get; private set; } = -1;

    public void Add(CachedReply reply)
    {
        _replies.Enqueue(reply);
        _bytes += reply.Bytes + BytesOfEntry;
    }

    /// <summary>Forgets the oldest, where its time is over or memory is short.</summary>
    /// <param name="nowMs">The cache's clock.</param>
    /// <param name="forgotten">Which one that was.</param>
    public bool TryForget(long nowMs, [NotNullWhen(true)] out CachedReply? forgotten)
    {
        if (!_replies.TryPeek(out forgotten) || (_bytes <= MaxBytes && nowMs - forgotten.CompletedMs <= retention.TotalMilliseconds))
        {
            return false;
        }

        _replies.Dequeue();
        _bytes -= forgotten.Bytes + BytesOfEntry;
        ForgottenUntil = forgotten.CompletedMs;
        return true;
    }
}
