using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Gives each reply to its call, and ends the call. Used by the thread that reads.</summary>
/// <param name="context">The connection.</param>
/// <param name="stream">The replies.</param>
/// <param name="matcher">Finds the calls.</param>
/// <param name="woken">Is told of blocked callers that the thread of the connection wakes.</param>
/// <param name="sendHeldBack">Sends what they have left to each other.</param>
/// <param name="lease">The loop of the reading thread, on which continuations run in line.</param>
/// <param name="readLease">The loop of whichever thread reads, while it is inside the code of a result's type.</param>
/// <param name="released">Is told that further calls have room, since the server multiplexes.</param>
/// <param name="fail">Ends the connection.</param>
/// <param name="abandon">Ends a call without its last reply.</param>
internal sealed class ReplyDispatcher(
    ConnectionContext context, ReplyStream stream, ReplyMatcher matcher, WokenCallers woken, Action sendHeldBack, LoopLease lease, LoopLease readLease, Action<bool> released, Action<Exception> fail, Action<PendingCall, Exception> abandon)
{
    /// <summary>Continuations that take this long are slow. The clock goes in steps of 4 ms on some systems.</summary>
    private const int SlowContinuationMilliseconds = 5;

    private readonly LeasedReads _reads = new(context, matcher, readLease, fail, abandon);

    /// <summary>The current thread is inside the user's types: a result is read into them, out of the buffer of this connection.</summary>
    public bool IsReadingResult => _reads.IsReading;

    /// <summary>The last call that got its reply was a synchronous one.</summary>
    public bool LastWasSynchronous { get; private set; }

    /// <inheritdoc cref="LeasedReads.OnTakenOver"/>
    public void OnReadTakenOver() => _reads.OnTakenOver();

    /// <summary>Takes every reply that has come whole, and ends the calls that they answer.</summary>
    /// <param name="inline">Continuations run on this thread.</param>
    /// <returns><see langword="false"/>: a continuation, or the code of a result's type, took so long that another thread has the loop.</returns>
    public bool DispatchReceived(bool inline)
    {
        ExecutionContext? own = ExecutionContext.Capture();
        long before = inline ? Environment.TickCount64 : 0;
        while (stream.TryTake(out Memory<byte> document))
        {
            bool loopIsOurs = true;
            PendingCall? call = Dispatch(document.Span, ref loopIsOurs, out Exception? error, out bool isPart);
            if (call is null)
            {
                continue;
            }

            if (!loopIsOurs)
            {
                _reads.End(call, error, isPart);
                TakeBack(own);
                return false;
            }

            if (error is GawProtocolException)
            {
                End(call, error, isPart);
            }

            LastWasSynchronous = call.IsSynchronous;
            if (isPart && error is not null)
            {
                abandon(call, error);
            }
            else if (!inline || call.IsSynchronous)
            {
                if (inline)
                {
                    woken.OnWaking();
                }

                Complete(call, error, isPart, inline: false);
            }
            else
            {
                SendHeldBack();
                loopIsOurs = CompleteInline(call, error, isPart);
                long after = Environment.TickCount64;

                // Behind a slow continuation the rest of the batch goes to the pool, which runs them side by side.
                inline = after - before < SlowContinuationMilliseconds;
                before = after;
            }

            TakeBack(own);
            if (!loopIsOurs)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Decides on the connection what a reply says of it, and reads the rest into the call.</summary>
    /// <returns>The call, ready to be completed, or to go on with a part of its result; <see langword="null"/>: nobody waits for the reply.</returns>
    private PendingCall? Dispatch(ReadOnlySpan<byte> frame, ref bool loopIsOurs, out Exception? error, out bool isPart)
    {
        isPart = false;
        Reply reply = ReplyReader.Read(frame, context.ReplyId);
        if (!reply.Meta.IsEmpty)
        {
            BecomeMultiplexed();
        }

        error = null;
        PendingCall? call;
        switch (reply.Kind)
        {
            case ReplyKind.Result or ReplyKind.Part when _reads.LeaveToLate(reply, frame):
                return null;

            case ReplyKind.Result or ReplyKind.Part:
                isPart = reply.Kind == ReplyKind.Part;
                call = isPart ? matcher.Find(reply.Id) : matcher.Take(reply.Id);
                error = call is null ? null : ReadInto(call, reply, frame, ref loopIsOurs);
                return call;

            case ReplyKind.Failure:
                return TakeFailed(reply.Failure!, out error);

            case ReplyKind.Stopping:
                context.State.Leave();
                return null;

            case ReplyKind.Rejected:
                context.State.Leave();
                call = matcher.Take(reply.Id);
                error = call is null ? null : CallLoss.Rejected(call, context.EndPoint);
                return call;

            case ReplyKind.Busy:
                call = matcher.Take(reply.Id);
                error = call is null ? null : CallLoss.Busy(call, context.EndPoint);
                return call;

            case ReplyKind.Protected when context.Protector is PlainFrameProtector:
                throw new GawAuthenticationException($"An answer from {context.EndPoint} is signed or encrypted, and this client has no Secret.");

            default:
                throw ReplyReader.NotReply(reply.Fault);
        }
    }

    private Exception? ReadInto(PendingCall call, in Reply reply, ReadOnlySpan<byte> frame, ref bool loopIsOurs)
    {
        if (call.ReadsForeignTypes)
        {
            SendHeldBack();
        }

        Exception? error = _reads.Read(call, reply, frame, out loopIsOurs, out bool hasMeta);
        if (hasMeta)
        {
            BecomeMultiplexed();
        }

        return error;
    }

    /// <summary>Code of the program's is about to run, and may take long.</summary>
    private void SendHeldBack()
    {
        if (woken.AreExpected)
        {
            sendHeldBack();
        }
    }

    private PendingCall? TakeFailed(ErrorInfo failure, out Exception? error)
    {
        if (failure.Name == ErrorFrame.TooManyConnections.Name)
        {
            throw new GawConnectionException(
                $"The server at {context.EndPoint} has as many connections as it may have, so nothing that was sent on this one has run. Close clients that are not needed, or raise MaxConnections there.",
                context.EndPoint,
                CallExecution.NotRun);
        }

        PendingCall? call = matcher.TakeFailed(failure);
        error = call is null ? null : CallLoss.Failed(call, context.EndPoint, failure);
        return call;
    }

    private void BecomeMultiplexed()
    {
        if (context.State.TryBecomeMultiplexed())
        {
            released(true);
        }
    }

    /// <summary>The connection first: the code that goes on after the call must not find it usable.</summary>
    private void End(PendingCall call, Exception error, bool isPart)
    {
        if (isPart)
        {
            // Still among the open calls: of those the connection's end speaks, and this one fails with what was met.
            abandon(call, error);
            fail(error);
        }
        else
        {
            fail(error);
            call.Complete(error, inline: false);
        }

        throw error;
    }

    private static void Complete(PendingCall call, Exception? error, bool isPart, bool inline)
    {
        if (isPart)
        {
            call.ContinueWithPart(inline);
        }
        else
        {
            call.Complete(error, inline);
        }
    }

    private bool CompleteInline(PendingCall call, Exception? error, bool isPart)
    {
        long token = lease.Enter();
        lease.MakeCurrent(token);
        Complete(call, error, isPart, inline: true);
        LoopLease.LeaveCurrent();
        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        return lease.TryLeave(token);
    }

    /// <summary>An AsyncLocal, culture or principal that constructors and continuations of the user's have set on this thread ends with them: it is not for the next call.</summary>
    private static void TakeBack(ExecutionContext? own)
    {
        if (own is not null && ExecutionContext.Capture() != own)
        {
            ExecutionContext.Restore(own);
        }
    }
}
