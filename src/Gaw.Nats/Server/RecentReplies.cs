using System.Buffers;

namespace Gaw.Nats.Server;

/// <summary>
/// The replies of the last moments. An engine that goes away swallows what was written to it before that is noticed,
/// so these are sent once more when it is there again; a client drops a reply that it has had.
/// What is older, or beyond the room, has most likely arrived. Thread-safe.
/// </summary>
internal sealed class RecentReplies(TimeProvider time)
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>An engine's end is noticed within this time, unless its machine is cut off without a word.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<RecentReply> _sent = [];
    private int _bytes;

    /// <summary>A reply is sent.</summary>
    public void Add(string subject, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxBytes)
        {
            return;
        }

        RecentReply reply = new(subject, ArrayPool<byte>.Shared.Rent(payload.Length), payload.Length, time.GetTimestamp());
        payload.CopyTo(reply.Buffer);
        lock (_gate)
        {
            _sent.Enqueue(reply);
            _bytes += payload.Length;
            while (_sent.TryPeek(out RecentReply first) && (_bytes > MaxBytes || time.GetElapsedTime(first.SentAt, reply.SentAt) > Window))
            {
                _bytes -= first.Length;
                first.Return();
                _sent.Dequeue();
            }
        }
    }

    /// <summary>The engine has gone away: those that it may have swallowed. They belong to the caller.</summary>
    public List<RecentReply> TakeAll()
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            List<RecentReply> all = [.. _sent.Where(reply => time.GetElapsedTime(reply.SentAt, now) <= Window)];
            _sent.Clear();
            _bytes = 0;
            return all;
        }
    }
}
