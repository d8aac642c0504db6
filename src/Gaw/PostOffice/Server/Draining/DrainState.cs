namespace Gaw.PostOffice.Server.Draining;

/// <summary>
/// The drain of one connection: facts in, action out, no effect of its own. The stop's thread calls <see cref="Begin"/> and <see cref="EndGrace"/>; every thread may ask
/// <see cref="Evaluate"/> when a fact has changed.
/// </summary>
internal sealed class DrainState
{
    /// <summary>Moved by <see cref="TryAdvance"/> only, whose exchange pairs with the read in <see cref="Phase"/> and with <c>InFlightCounter.Decrement</c>.</summary>
    private int _phase;

    private int _framesAtLook;

    public DrainPhase Phase => (DrainPhase)Volatile.Read(ref _phase);

    /// <summary>Requests that arrive are rejected as not run. Written and read by the loop only.</summary>
    public bool RejectsNewCalls { get; private set; }

    /// <summary>The server stops.</summary>
    public void Begin(int framesTaken)
    {
        _framesAtLook = framesTaken;
        TryAdvance(DrainPhase.Open, DrainPhase.Draining);
    }

    /// <summary>One grace period is over. A peer that was told of the stop gets another while requests of it still arrive or wait to be read.</summary>
    public void EndGrace(in DrainFacts facts)
    {
        bool isQuiet = facts.AwaitsBytes && facts.FramesTaken == _framesAtLook;
        _framesAtLook = facts.FramesTaken;
        if (isQuiet || !facts.PeerWasTold)
        {
            TryAdvance(DrainPhase.Draining, DrainPhase.Expired);
        }
    }

    /// <summary>Decides what is to be done next; to be asked again until the result is <see cref="DrainAction.None"/> or <see cref="DrainAction.Finish"/>.</summary>
    public DrainAction Evaluate(in DrainFacts facts)
    {
        DrainPhase phase = Phase;
        if (phase == DrainPhase.Open || facts.BufferedBytes > 0)
        {
            return DrainAction.None;
        }

        if (!RejectsNewCalls && facts.Backlog != Backlog.Left)
        {
            RejectsNewCalls = true;
            return DrainAction.RejectNew;
        }

        if (phase == DrainPhase.Draining || facts.RepliesOutOfOrder)
        {
            return DrainAction.None;
        }

        if (phase == DrainPhase.Expired)
        {
            // Two threads may get here together; the one that advances shuts the socket.
            return TryAdvance(DrainPhase.Expired, DrainPhase.ReceivingEnded) ? DrainAction.EndReceiving : Evaluate(facts);
        }

        // A peer that was told sends nothing more, so the end of the stream follows. Any other peer may send for ever: the backlog is all it is owed.
        return facts.Backlog == Backlog.Read && !facts.PeerWasTold ? DrainAction.Finish : DrainAction.None;
    }

    /// <summary>
    /// The only transition. Its fence pairs with the one in <see cref="Scheduling.InFlightCounter.Decrement"/>: of a grace period that ends and a call that ends, at least one sees the other,
    /// and ends the receiving.
    /// </summary>
    private bool TryAdvance(DrainPhase from, DrainPhase to) => Interlocked.CompareExchange(ref _phase, (int)to, (int)from) == (int)from;
}
