namespace Gaw.PostOffice.Server.Draining;

/// <summary>How far the server's stop has come on one connection. A phase is never left for an earlier one.</summary>
internal enum DrainPhase
{
    /// <summary>The server does not stop.</summary>
    Open,

    /// <summary>Grace period: received calls run, and the stop notice is on its way to the peer.</summary>
    Draining,

    /// <summary>The grace period is over. Receiving ends as soon as no frame is incomplete and no call is answered out of order.</summary>
    Expired,

    /// <summary>Receiving has ended: the loop reads the bytes that have arrived, then the end of the stream.</summary>
    ReceivingEnded,
}

/// <summary>What a connection of a stopping server has to do next. Each transition is asked for once.</summary>
internal enum DrainAction
{
    /// <summary>Nothing, for now.</summary>
    None,

    /// <summary>Requests that arrive from now on came after the stop: they are rejected as not run.</summary>
    RejectNew,

    /// <summary>Shut the socket's receiving side: a receive that waits comes back.</summary>
    EndReceiving,

    /// <summary>Read nothing more; finish the running calls and close.</summary>
    Finish,
}

/// <summary>What is left of the bytes that the system had received when the stop began.</summary>
internal enum Backlog
{
    /// <summary>Some may be left. So says every thread but the loop, which alone can tell.</summary>
    Left,

    /// <summary>The socket is empty; TLS may still hold some.</summary>
    SocketEmpty,

    /// <summary>The loop has received as many bytes since.</summary>
    Read,
}

/// <summary>A connection at one moment.</summary>
/// <param name="PeerWasTold">The peer understands stop notices, so it was sent one and stops sending.</param>
/// <param name="AwaitsBytes">The loop waits for the peer to send.</param>
/// <param name="FramesTaken">Frames that have arrived whole.</param>
/// <param name="BufferedBytes">Bytes of the incomplete frame.</param>
/// <param name="RepliesOutOfOrder">Calls run whose peer may still send others meanwhile; those want a reply, too.</param>
/// <param name="Backlog">What the asking thread knows of the bytes that came before the stop.</param>
internal readonly record struct DrainFacts(bool PeerWasTold, bool AwaitsBytes, int FramesTaken, int BufferedBytes, bool RepliesOutOfOrder, Backlog Backlog);

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
