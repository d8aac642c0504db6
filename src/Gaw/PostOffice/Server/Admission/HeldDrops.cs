using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.Shared;

namespace Gaw.PostOffice.Server.Admission;

/// <summary>Ends queued messages of one connection without running them. Thread-safe.</summary>
internal sealed class HeldDrops(PostOfficeServer server, MessageRunner runner, PeerPresence peer, HeldMessages queued)
{
    /// <inheritdoc cref="AdmissionQueue.TryWithdraw"/>
    public bool TryWithdraw(UInt128 number)
    {
        if (queued.Find(number) is not { } held)
        {
            return false;
        }

        if (TryDrop(held, ErrorFrame.CancelledBefore))
        {
            return true;
        }

        held.Withdraw();
        return false;
    }

    /// <inheritdoc cref="AdmissionQueue.DropOverdue"/>
    public void DropOverdue()
    {
        if (queued.Count > 0)
        {
            long now = server.Options.TimeProvider.GetTimestamp();
            Drop(ErrorFrame.OverdueBefore, held => held.IsOverdue(now));
        }
    }

    /// <inheritdoc cref="AdmissionQueue.Drop"/>
    public void Drop(ErrorInfo reason, Func<HeldMessage, bool> which)
    {
        if (queued.Count == 0)
        {
            return;
        }

        foreach (HeldMessage held in queued.ToArray())
        {
            if (which(held))
            {
                TryDrop(held, reason);
            }
        }
    }

    /// <returns><see langword="false"/>: it has begun, or was dropped before.</returns>
    public bool TryDrop(HeldMessage held, ErrorInfo reason)
    {
        if (held.TryDrop() is not { } message)
        {
            return false;
        }

        queued.Leave(held);
        server.Slots?.Forget();
        runner.Abandon(message, reason);
        return true;
    }

    /// <summary>Why a message is not to run any more; <see langword="null"/>: it is.</summary>
    public ErrorInfo? GetReasonNotToRun(HeldMessage held) => NotRunReason.Find(
        server.IsCutOff, peer.IsLost, peer.HasLeft, held.InOrder, held.OutlivesConnection, held.IsOverdue(server.Options.TimeProvider.GetTimestamp()));
}
