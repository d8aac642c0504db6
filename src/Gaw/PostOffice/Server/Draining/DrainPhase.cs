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
