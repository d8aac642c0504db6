using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.PostOffice.Server.Watching;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Server;

/// <summary>
/// What has come on a connection goes upwards: each complete frame becomes a message, and is run. Without a wait of its own: where there is something to wait for, it says so, and
/// <see cref="ConnectionLoop"/> waits.
/// </summary>
internal sealed class MessageIntake(
    PostOfficeServer server, Transport transport, FrameSource frames, ReceivePump pump, ReplyQueue replies, PeerPresence peer, RunningMessages running, ConnectionDrain drain, MessageRunner runner, ReadLease reads)
{
    /// <summary>
    /// While more reply bytes than this wait to be sent, no further message is run or read: memory would grow at the will of a peer that does not read. A cancellation behind is heard
    /// once the peer reads. <see cref="SlowPeerDetector"/> cuts off one that reads nothing for ten seconds, which cancels all its calls; a lost peer is noticed within a tick.
    /// </summary>
    private const int MaxPendingReplyBytes = 256 * 1024;

    private readonly ConnectionChannel _channel = new(server, transport, replies, peer, running, drain, runner, reads);

    /// <summary>Why the peer is not served any more; <see langword="null"/> while it is.</summary>
    public LingeringClose? Refusal { get; set; }

    /// <summary>Hands every complete frame upwards and runs it.</summary>
    public LoopAction RunReceived()
    {
        if (reads.TakeBufferLoss())
        {
            frames.LeaveBuffer();
        }

        while (true)
        {
            if (peer.IsLost)
            {
                return LoopAction.CutOff;
            }

            if (running.HasInOrder)
            {
                return LoopAction.AwaitReply;
            }

            if (!runner.Queued.HasRoom)
            {
                return LoopAction.AwaitRoom;
            }

            if (replies.PendingBytes > MaxPendingReplyBytes)
            {
                return LoopAction.AwaitSent;
            }

            FrameSourceStatus status = frames.TryNext(out Memory<byte> document, out ErrorInfo? error);
            if (status == FrameSourceStatus.NotReadable)
            {
                _channel.ReplyError(ErrorFrame.NotReadable);
            }
            else if (status != FrameSourceStatus.Document)
            {
                return status == FrameSourceStatus.Incomplete ? GetActionWithoutFrame() : Refuse(error!);
            }
            else if (!Receive(document))
            {
                return LoopAction.LoopLost;
            }
        }
    }

    /// <summary>Hands a document upwards, and runs what is made of it.</summary>
    /// <returns><see langword="false"/>: another thread has the loop.</returns>
    private bool Receive(Memory<byte> document)
    {
        InboundMessage? message = server.Handler(document, _channel);
        bool isLate = ReadLease.TakeLoss();
        if (message is not null && !isLate)
        {
            return runner.Run(message, document.Length);
        }

        ForeignCode.Leave();
        if (isLate)
        {
            runner.Queued.EnqueueLate(message, document.Length);
            replies.FlushAsync().Forget();
        }

        return !isLate;
    }

    private LoopAction GetActionWithoutFrame()
    {
        if (frames.HasOnlyLengthLine)
        {
            transport.AcknowledgeNow();
        }

        bool isDrained = drain.IsDraining && !pump.HasEnded && drain.Advance(pump.GetBacklog());
        return isDrained || pump.HasEnded ? LoopAction.Finish : LoopAction.Receive;
    }

    private LoopAction Refuse(ErrorInfo error)
    {
        string kind = error == ErrorFrame.BadSignature ? "seal" : error == ErrorFrame.BadLengthLine ? "length_line" : "frame_size";
        if (server.RejectionLog.Count(kind))
        {
            server.Logger.NotAFrame(transport.RemoteEndPoint, error.Message);
        }

        Refusal = new LingeringClose(error, isUnserved: false);
        return LoopAction.Refuse;
    }
}
