namespace Gaw.PostOffice.Server.Draining;

/// <summary>A connection at one moment.</summary>
/// <param name="PeerWasTold">The peer understands stop notices, so it was sent one and stops sending.</param>
/// <param name="AwaitsBytes">The loop waits for the peer to send.</param>
/// <param name="FramesTaken">Frames that have arrived whole.</param>
/// <param name="BufferedBytes">Bytes of the incomplete frame.</param>
/// <param name="RepliesOutOfOrder">Calls run whose peer may still send others meanwhile; those want a reply, too.</param>
/// <param name="Backlog">What the asking thread knows of the bytes that came before the stop.</param>
internal readonly record struct DrainFacts(bool PeerWasTold, bool AwaitsBytes, int FramesTaken, int BufferedBytes, bool RepliesOutOfOrder, Backlog Backlog);
