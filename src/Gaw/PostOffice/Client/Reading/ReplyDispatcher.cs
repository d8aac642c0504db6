using Gaw.PostOffice.Client.Matching;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Takes the replies of a connection, one after the other, and ends the calls that they answer. Used by the thread that reads.</summary>
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
    private readonly ReplyIntake _intake = new(context, matcher, woken, sendHeldBack, released);
    private readonly CallCompletion _completion = new(lease, fail, abandon);

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
            PendingCall? call = _intake.Take(document.Span, _reads, ref loopIsOurs, out Exception? error, out bool isPart);
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
                _completion.EndWithConnection(call, error, isPart);
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

                CallCompletion.Queue(call, error, isPart);
            }
            else
            {
                _intake.SendHeldBack();
                loopIsOurs = _completion.RunInline(call, error, isPart);
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

    /// <summary>An AsyncLocal, culture or principal that constructors and continuations of the user's have set on this thread ends with them: it is not for the next call.</summary>
    private static void TakeBack(ExecutionContext? own)
    {
        if (own is not null && ExecutionContext.Capture() != own)
        {
            ExecutionContext.Restore(own);
        }
    }
}
