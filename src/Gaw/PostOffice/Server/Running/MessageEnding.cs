using Gaw.PostOffice.Server.Admission;
using Gaw.PostOffice.Server.Draining;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Server.Running;

/// <summary>
/// The end of a message, from its reply on: the next one in order may begin, what the message holds is let go, and it counts as running no more. Each of these happens once.
/// </summary>
internal sealed class MessageEnding(ReplyQueue replies, RunningMessages running, ConnectionDrain drain, AdmissionQueue queued)
{
    /// <summary>The message is answered. It counts as running until it has ended, but the next one in order may begin.</summary>
    public void Complete(InboundMessage message)
    {
        bool hasSlot = message.TakesSlot;
        if (message.HoldsResources)
        {
            // Ending it may take long: the reply leaves first.
            replies.FlushAsync().Forget();
            LeaveOrder(message);
            LeaveAfter(MessageInvoker.End(message, out RunningCall work), work, hasSlot);
            return;
        }

        LeaveOrder(message);
        LeaveWork(message.Leave());
        LeaveAfter(message.EndAsync(), work: null, hasSlot);
    }

    /// <summary>The message is answered: the next one in order may begin, and nobody withdraws it any more.</summary>
    public void LeaveOrder(InboundMessage message)
    {
        if (message.InOrder)
        {
            running.LeaveOrder();
        }

        if (message.Place is HeldMessage held)
        {
            queued.Forget(held);
            message.Place = null;
        }
    }

    /// <summary>What counted as a message has ended.</summary>
    public void Leave()
    {
        running.Leave();
        drain.OnMessageEnded();
    }

    private void LeaveAfter(ValueTask ending, RunningCall? work, bool hasSlot)
    {
        if (ending.IsCompletedSuccessfully)
        {
            LeaveWork(work?.End() == true);
            Leave(hasSlot);
        }
        else
        {
            LeaveAfterAsync(ending, work, hasSlot).Forget();
        }
    }

    private void LeaveWork(bool hasAwaitedStop)
    {
        if (hasAwaitedStop)
        {
            running.StopAwaitingStop();
        }
    }

    private async Task LeaveAfterAsync(ValueTask ending, RunningCall? work, bool hasSlot)
    {
        await ending.ConfigureAwait(false);
        LeaveWork(work?.End() == true);
        Leave(hasSlot);
    }

    private void Leave(bool hasSlot)
    {
        Leave();
        if (hasSlot)
        {
            queued.LeaveSlot();
        }
    }
}
