using System.Diagnostics.CodeAnalysis;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Ends a call with its reply, or lets it go on with a part of its result.</summary>
/// <param name="lease">The loop of the reading thread, on which continuations run in line.</param>
/// <param name="fail">Ends the connection.</param>
/// <param name="abandon">Ends a call without its last reply.</param>
internal sealed class CallCompletion(LoopLease lease, Action<Exception> fail, Action<PendingCall, Exception> abandon)
{
    /// <summary>Wakes the caller, or queues the continuation.</summary>
    public static void Queue(PendingCall call, Exception? error, bool isPart) => Complete(call, error, isPart, inline: false);

    /// <summary>Runs the continuation on this thread, under the lease.</summary>
    /// <returns><see langword="false"/>: it took so long that another thread has the loop.</returns>
    public bool RunInline(PendingCall call, Exception? error, bool isPart)
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

    /// <summary>The reply shows that the connection cannot be trusted. It ends first: the code that goes on after the call must not find it usable.</summary>
    [DoesNotReturn]
    public void EndWithConnection(PendingCall call, Exception error, bool isPart)
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
}
