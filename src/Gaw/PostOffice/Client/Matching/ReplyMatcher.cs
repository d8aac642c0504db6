using Gaw.PostOffice.Client.Sending;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Matching;

/// <summary>Finds the call that a reply belongs to, and takes it out of the table. Used by the thread that reads.</summary>
/// <param name="context">The connection.</param>
/// <param name="requests">How far each request got.</param>
/// <param name="released">Is told that the connection has become free for another call.</param>
internal sealed class ReplyMatcher(ConnectionContext context, RequestQueue requests, Action<bool> released)
{
    private readonly SecondReply _second = new(context, requests);

    /// <summary>Written by the thread that reads, before the connection fails; pairs with the read in <see cref="UnreadFrom"/> by the thread that ends it.</summary>
    private long _unreadFrom = long.MaxValue;

    /// <summary>The server has refused the frame that ends at this position of the stream, and has read nothing behind it.</summary>
    public long UnreadFrom => Volatile.Read(ref _unreadFrom);

    /// <inheritdoc cref="SecondReply.IsOverdue"/>
    public bool IsOutOfStep(long now) => _second.IsOverdue(now);

    /// <summary>Takes out the call that a reply belongs to.</summary>
    /// <param name="id">The id in the reply; empty where replies carry none.</param>
    /// <returns><see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">No such call was made.</exception>
    public PendingCall? Take(ReadOnlySpan<byte> id)
    {
        PendingCall? call;
        ReplyOf whose;
        lock (context.Gate)
        {
            whose = context.ReplyId is null ? context.Calls.TakeOldest(out call) : context.Calls.Take(id, out call);
        }

        if (whose == ReplyOf.RepliedCall && _second.TryGoOn())
        {
            return null;
        }

        context.State.Replied();
        context.Record.IsKnown = true;
        if (whose is ReplyOf.Nobody or ReplyOf.RepliedCall)
        {
            throw new GawProtocolException($"An answer from {context.EndPoint} belongs to no open call of this client; the connection cannot be trusted any more.");
        }

        ReleaseIfFree();
        return call;
    }

    /// <summary>Finds the call that a part of a result belongs to.</summary>
    /// <returns><see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">No such call was made, or it has ended.</exception>
    public PendingCall? Find(ReadOnlySpan<byte> id)
    {
        PendingCall? call = null;
        ReplyOf whose = ReplyOf.Nobody;
        if (context.ReplyId is not null)
        {
            lock (context.Gate)
            {
                whose = context.Calls.Find(id, out call);
            }
        }

        context.State.Replied();
        context.Record.IsKnown = true;
        return whose is ReplyOf.OpenCall or ReplyOf.AbandonedCall ? call
            : throw new GawProtocolException($"A part of an answer from {context.EndPoint} belongs to no open call of this client; the connection cannot be trusted any more.");
    }

    /// <summary>Takes out the call that a failure without an id belongs to, where that can be proved.</summary>
    /// <returns><see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">It may belong to any of several.</exception>
    public PendingCall? TakeFailed(ErrorInfo failure)
    {
        context.Record.IsKnown = true;
        bool isSequential = context.State.Mode == ServerMode.Sequential;
        PendingCall? call = null;
        lock (context.Gate)
        {
            if (context.ReplyId is null)
            {
                if (context.Calls.TakeOldest(out call) == ReplyOf.Nobody)
                {
                    throw CallLoss.OfNobody(failure, context.EndPoint);
                }
            }
            else if (RequestOwner.Find(context.Calls.GetOpenRequests(requests.AttemptedBytes), isSequential, failure) is { } owner)
            {
                call = context.Calls.TakeKey(owner.Key);
                if (ErrorFrame.EndsReading(failure))
                {
                    Volatile.Write(ref _unreadFrom, owner.End);
                    context.State.Retire();
                }
            }
            else
            {
                throw CallLoss.OfNobody(failure, context.EndPoint);
            }
        }

        context.State.Replied();
        ReleaseIfFree();
        return call;
    }

    private void ReleaseIfFree()
    {
        if (context.State.Mode != ServerMode.Multiplexed && context.Calls.Count == 0)
        {
            released(false);
        }
    }
}
