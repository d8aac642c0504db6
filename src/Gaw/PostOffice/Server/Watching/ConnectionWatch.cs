using Gaw.PostOffice.Server.Admission;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server.Watching;

/// <summary>Looks at one connection from time to time: at its peer, and at the calls that wait.</summary>
internal sealed class ConnectionWatch(PostOfficeServer server, ServerConnection connection, Transport transport, FrameSource frames, RunningMessages running, AdmissionQueue queued)
{
    /// <summary>How often <see cref="OnTick"/> is called.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private SlowPeerDetector _pace;

    /// <summary>Cuts the connection off when its peer is gone or too slow, and drops queued calls whose callers wait no longer.</summary>
    public void OnTick()
    {
        if (connection.IsCutOff)
        {
            return;
        }

        queued.DropOverdue();
        ReceiveSnapshot receiving = frames.Snapshot;
        bool runs = running.Count > 0;
        if (runs && !receiving.AwaitsBytes)
        {
            LookForPeer();
        }

        ReplyQueue replies = connection.Replies;
        SlowPeerDetector.PeerSnapshot seen = new(
            receiving.AwaitsBytes, receiving.FramesTaken, receiving.BufferedBytes, receiving.HasLengthLine, replies.PendingBytes, replies.SentBytes, runs);
        if (_pace.Judge(seen, Tick, server.Options) is { } reason)
        {
            if (_pace.IsIdle)
            {
                server.Logger.Idle(connection.RemoteEndPoint, reason);
            }
            else if (server.RejectionLog.Count("slow"))
            {
                server.Logger.TooSlow(connection.RemoteEndPoint, reason);
            }

            connection.Abort();
        }
    }

    /// <summary>The loop is busy, so it does not notice by receiving that the peer is gone.</summary>
    private void LookForPeer()
    {
        switch (transport.GetPeerState())
        {
            case PeerState.Lost:
                connection.Abort();
                break;
            case PeerState.Finished:
                connection.LosePeer();
                break;
        }
    }
}
