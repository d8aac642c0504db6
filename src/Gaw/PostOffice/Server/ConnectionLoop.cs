using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Server;

/// <summary>
/// The loop of a connection as a state machine: receives, hands each message upwards, and sends the replies that are ready together in one write. One thread at a time is in
/// it, the holder of the <see cref="LoopLease"/>; a message that keeps this thread loses the loop to another one.
/// </summary>
internal sealed class ConnectionLoop(
    PostOfficeServer server, ServerConnection connection, Transport transport, FrameSource frames, PeerPresence peer, RunningMessages running, ConnectionDrain drain, MessageRunner runner, ReadLease reads)
{
    /// <summary>
    /// While more reply bytes than this wait to be sent, no further message is run or read: memory would grow at the will of a peer that does not read. A cancellation behind is heard
    /// once the peer reads. <see cref="SlowPeerDetector"/> cuts off one that reads nothing for ten seconds, which cancels all its calls; a lost peer is noticed within a tick.
    /// </summary>
    private const int MaxPendingReplyBytes = 256 * 1024;

    private readonly ReceivePump _pump = new(transport, frames, server);
    private readonly ReplyQueue _replies = connection.Replies;
    private readonly ConnectionChannel _channel = new(server, transport, connection.Replies, peer, running, drain, runner, reads);

    /// <summary>What the loop does next.</summary>
    private enum LoopAction
    {
        /// <summary>No complete frame is left.</summary>
        Receive,

        /// <summary>Nothing more is received: the peer has ended its stream, or the connection is drained.</summary>
        Finish,

        /// <summary>Too many reply bytes wait to be sent.</summary>
        AwaitSent,

        /// <summary>An in-order message runs.</summary>
        AwaitReply,

        /// <summary>Too many messages wait for their turn.</summary>
        AwaitRoom,

        /// <summary>The peer is told why it is not served any more.</summary>
        Refuse,

        /// <summary>The connection is cut off. Nobody could be answered, so messages that have not begun are not run.</summary>
        CutOff,

        /// <summary>Another thread has taken the loop over.</summary>
        LoopLost,
    }

    /// <summary>Why the peer is not served any more; <see langword="null"/> while it is.</summary>
    public LingeringClose? Refusal { get; set; }

    /// <summary>Begins the loop, or goes on with it after a takeover, on another thread: the caller's must not run messages.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(
        static self =>
        {
            ForeignCode.BeginLoop();
            self.RunAsync().Forget();
        },
        this,
        preferLocal: false);

    private async Task RunAsync()
    {
        string? reason = null;
        try
        {
            if (server.Options.Tls is { } tls && !transport.IsTls)
            {
                await TlsHandshake.RunAsync(transport, tls, server, drain).ConfigureAwait(false);
            }

            while (reason is null)
            {
                LoopAction action = Refusal is null ? RunReceived() : LoopAction.Refuse;
                if (action == LoopAction.LoopLost)
                {
                    return;
                }

                await _replies.FlushAsync().ConfigureAwait(false);
                switch (action)
                {
                    case LoopAction.Receive:
                        await _pump.ReceiveAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitSent:
                        await _replies.WhenIdleAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitReply:
                        await _pump.ReceiveAheadAsync(running.WhenOrderFreeAsync()).ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitRoom:
                        await runner.Queued.WhenRoomAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.Finish:
                        reason = await FinishAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.Refuse:
                        await Refusal!.CloseAsync(transport, _replies, running.WhenNoneAsync(), server.Options).ConfigureAwait(false);
                        reason = Refusal.Reason.Message;
                        break;
                    default:
                        reason = "cut off";
                        break;
                }
            }
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            reason = e.Message;
        }
        catch (Exception e)
        {
            reason = "its loop failed";
            server.Logger.LoopFailed(transport.RemoteEndPoint, e);
        }

        connection.Abort();
        await _pump.WhenIdleAsync().ConfigureAwait(false);
        await connection.EndAsync(reason).ConfigureAwait(false);
    }

    /// <summary>Hands every complete frame upwards and runs it.</summary>
    private LoopAction RunReceived()
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

            if (_replies.PendingBytes > MaxPendingReplyBytes)
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
            _replies.FlushAsync().Forget();
        }

        return !isLate;
    }

    private LoopAction GetActionWithoutFrame()
    {
        if (frames.HasOnlyLengthLine)
        {
            transport.AcknowledgeNow();
        }

        bool isDrained = drain.IsDraining && !_pump.HasEnded && drain.Advance(_pump.GetBacklog());
        return isDrained || _pump.HasEnded ? LoopAction.Finish : LoopAction.Receive;
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

    /// <summary>The stream has ended between two frames, or the connection is drained: the running messages are answered.</summary>
    private async ValueTask<string> FinishAsync()
    {
        if (frames.BufferedBytes > 0)
        {
            return "it ended within a frame";
        }

        if (_pump.HasEnded && !drain.HasEndedReceiving)
        {
            connection.LosePeer();
        }

        await running.WhenNoneAsync().ConfigureAwait(false);
        await _replies.FlushAsync().ConfigureAwait(false);
        await _replies.WhenIdleAsync().ConfigureAwait(false);
        return drain.IsDraining ? "the server stops" : "closed by the peer";
    }
}
