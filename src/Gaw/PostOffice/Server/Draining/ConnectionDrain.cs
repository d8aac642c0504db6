using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server.Draining;

/// <summary>Carries out what <see cref="DrainState"/> decides for one connection. Thread-safe.</summary>
internal sealed class ConnectionDrain(Transport transport, FrameSource frames, ReplyQueue replies, RunningMessages running)
{
    private readonly DrainState _state = new();

    /// <summary>The server stops.</summary>
    public bool IsDraining => _state.Phase != DrainPhase.Open;

    /// <summary>Receiving was ended here, so the end of the stream says nothing of the peer.</summary>
    public bool HasEndedReceiving => _state.Phase == DrainPhase.ReceivingEnded;

    /// <inheritdoc cref="DrainState.RejectsNewCalls"/>
    public bool RejectsNewCalls => _state.RejectsNewCalls;

    /// <summary>The server stops: received calls run on, the peer is sent a stop notice, and calls that it sent before it knew are rejected.</summary>
    public void Begin()
    {
        _state.Begin(frames.Snapshot.FramesTaken);
        replies.AnnounceStop();
    }

    /// <summary>A grace period is over: receiving ends now, with the last call, or, while a peer that knows of the stop still sends, after another period.</summary>
    public void EndGrace()
    {
        _state.EndGrace(GetFacts(Backlog.Left));
        Advance(Backlog.Left);
    }

    /// <summary>A message has ended. The loop may wait in a receive for its sake.</summary>
    public void OnMessageEnded()
    {
        if (IsDraining)
        {
            Advance(Backlog.Left);
        }
    }

    /// <summary>Takes the drain as far as it can go; the one place where receiving ends.</summary>
    /// <param name="backlog">As far as the calling thread knows.</param>
    /// <returns>The connection is drained.</returns>
    public bool Advance(Backlog backlog)
    {
        while (true)
        {
            switch (_state.Evaluate(GetFacts(backlog)))
            {
                case DrainAction.RejectNew:
                    break;
                case DrainAction.EndReceiving:
                    transport.ShutdownReceive();
                    break;
                case DrainAction.Finish:
                    return true;
                default:
                    return false;
            }
        }
    }

    private DrainFacts GetFacts(Backlog backlog)
    {
        ReceiveSnapshot receiving = frames.Snapshot;
        return new DrainFacts(
            PeerWasTold: replies.HasAnnounced,
            AwaitsBytes: receiving.AwaitsBytes,
            FramesTaken: receiving.FramesTaken,
            BufferedBytes: receiving.BufferedBytes,
            RepliesOutOfOrder: running.HasOutOfOrder,
            Backlog: backlog);
    }
}
