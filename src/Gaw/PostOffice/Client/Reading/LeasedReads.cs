using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Reads replies into their calls, out of the buffer of a connection. The code of an item's or result's type may take as long as it wants: then another thread reads on.</summary>
/// <param name="context">The connection.</param>
/// <param name="matcher">Finds the calls.</param>
/// <param name="lease">The loop of the thread that reads, while it is inside the code of a type.</param>
/// <param name="fail">Ends the connection.</param>
/// <param name="abandon">Ends a call without its last reply.</param>
internal sealed class LeasedReads(ConnectionContext context, ReplyMatcher matcher, LoopLease lease, Action<Exception> fail, Action<PendingCall, Exception> abandon)
{
    private readonly LateReads _late = new(context.Options.MaxFrameBytes);

    /// <summary>The thread that reads a reply at this moment, and has the loop; 0: none does. A thread compares it with its own id only, so it needs no partner.</summary>
    private int _readBy;

    /// <summary>The call that it reads into. Written before the lease begins, which the thread that takes over has ended.</summary>
    private PendingCall? _into;

    /// <summary>The current thread is inside the user's types.</summary>
    public bool IsReading => _readBy == Environment.CurrentManagedThreadId;

    /// <summary>The thread inside the user's types is not the one that reads any more: it may make calls and wait for them. No other reads yet.</summary>
    public void OnTakenOver()
    {
        _readBy = 0;
        if (_into is { TakesParts: true } call)
        {
            _late.Begin(call);
        }
    }

    /// <inheritdoc cref="LateReads.Add"/>
    /// <exception cref="GawProtocolException">The server has sent more than it was asked for.</exception>
    public bool LeaveToLate(in Reply reply, ReadOnlySpan<byte> frame) => _late.Add(reply, frame) switch
    {
        LateReply.NotLate => false,
        LateReply.Waits => true,
        _ => throw new GawProtocolException($"{context.EndPoint} sends more of a stream than it was asked for, while an item that came before is still being read."),
    };

    /// <param name="call">The call.</param>
    /// <param name="reply">A result or a part of one.</param>
    /// <param name="frame">All of it.</param>
    /// <param name="loopIsOurs"><see langword="false"/>: it took so long that another thread has the loop, and <see cref="End"/> is to follow.</param>
    /// <param name="hasMeta">The reply has metadata.</param>
    /// <returns>What the call fails with.</returns>
    public Exception? Read(PendingCall call, in Reply reply, ReadOnlySpan<byte> frame, out bool loopIsOurs, out bool hasMeta)
    {
        _readBy = Environment.CurrentManagedThreadId;
        _into = call;
        long token = call.ReadsForeignTypes ? lease.Enter() : 0;
        Exception? error = ReadOne(call, reply, frame, out hasMeta);
        loopIsOurs = token == 0 || lease.TryLeave(token);
        if (loopIsOurs)
        {
            _readBy = 0;
            _into = null;
        }

        return error;
    }

    /// <summary>Goes on with a call that was read late. What has come for it since then is read here, in its order.</summary>
    public void End(PendingCall call, Exception? error, bool isPart)
    {
        Conclude(call, error, isPart);
        while (call.TakesParts && _late.TakeNext(call) is { } frame)
        {
            try
            {
                Reply reply = ReplyReader.Read(frame, context.ReplyId);
                isPart = reply.Kind == ReplyKind.Part;
                if ((isPart ? matcher.Find(reply.Id) : matcher.Take(reply.Id)) is not null)
                {
                    Conclude(call, ReadOne(call, reply, frame, out _), isPart);
                }
            }
            catch (GawProtocolException e)
            {
                fail(e);
            }
        }
    }

    private Exception? ReadOne(PendingCall call, in Reply reply, ReadOnlySpan<byte> frame, out bool hasMeta)
    {
        if (reply.Kind == ReplyKind.Part)
        {
            hasMeta = true;
            return ResultReader.ReadPart(call, reply);
        }

        return ResultReader.Read(call, reply, frame, context.ReplyId, out hasMeta);
    }

    private void Conclude(PendingCall call, Exception? error, bool isPart)
    {
        if (isPart && error is not null)
        {
            abandon(call, error);
        }

        if (error is GawProtocolException)
        {
            fail(error);
        }

        if (!isPart)
        {
            call.Complete(error, inline: false);
        }
        else if (error is null)
        {
            call.ContinueWithPart(inline: false);
        }
    }
}
