using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Server;

/// <summary>
/// The loop of a connection as a state machine: receives, hands each message upwards, and sends the replies that are ready together in one write. One thread at a time is in
/// it, the holder of the <see cref="LoopLease"/>; a message that keeps this thread loses the loop to another one.
/// </summary>
internal sealed class ConnectionLoop(
    PostOfficeServer server, ServerConnection connection, Transport transport, FrameSource frames, ReceivePump pump, RunningMessages running, ConnectionDrain drain, MessageRunner runner, MessageIntake intake)
{
    private readonly ReplyQueue _replies = connection.Replies;

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
                LoopAction action = intake.Refusal is null ? intake.RunReceived() : LoopAction.Refuse;
                if (action == LoopAction.LoopLost)
                {
                    return;
                }

                await _replies.FlushAsync().ConfigureAwait(false);
                switch (action)
                {
                    case LoopAction.Receive:
                        await pump.ReceiveAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitSent:
                        await _replies.WhenIdleAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitReply:
                        await pump.ReceiveAheadAsync(running.WhenOrderFreeAsync()).ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitRoom:
                        await runner.Queued.WhenRoomAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.Finish:
                        reason = await FinishAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.Refuse:
                        await intake.Refusal!.CloseAsync(transport, _replies, running.WhenNoneAsync(), server.Options).ConfigureAwait(false);
                        reason = intake.Refusal.Reason.Message;
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
        await pump.WhenIdleAsync().ConfigureAwait(false);
        await connection.EndAsync(reason).ConfigureAwait(false);
    }

    /// <summary>The stream has ended between two frames, or the connection is drained: the running messages are answered.</summary>
    private async ValueTask<string> FinishAsync()
    {
        if (frames.BufferedBytes > 0)
        {
            return "it ended within a frame";
        }

        if (pump.HasEnded && !drain.HasEndedReceiving)
        {
            connection.LosePeer();
        }

        await running.WhenNoneAsync().ConfigureAwait(false);
        await _replies.FlushAsync().ConfigureAwait(false);
        await _replies.WhenIdleAsync().ConfigureAwait(false);
        return drain.IsDraining ? "the server stops" : "closed by the peer";
    }
}
