using System.Net;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.PostOffice.Server.Watching;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Server;

/// <summary>One connection of a server: its life from the accept to the end. <see cref="ConnectionLoop"/> does the work in between.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The loop owns them and disposes them when it ends.")]
internal sealed class ServerConnection
{
    /// <summary>A peer that reads has taken its last replies by then.</summary>
    private static readonly TimeSpan LastRepliesTime = TimeSpan.FromMilliseconds(100);

    private readonly PostOfficeServer _server;
    private readonly Transport _transport;
    private readonly FrameSource _frames;
    private readonly PeerPresence _peer;
    private readonly RunningMessages _running = new();
    private readonly ConnectionDrain _drain;
    private readonly MessageRunner _runner;
    private readonly MessageIntake _intake;
    private readonly ConnectionLoop _loop;
    private readonly ConnectionWatch _watch;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServerConnection(PostOfficeServer server, Transport transport)
    {
        _server = server;
        _transport = transport;
        IFrameProtector protector = server.CreateProtector();
        _frames = new FrameSource(server.Options, protector, server.Budget);
        _peer = new PeerPresence(server.Logger);
        Replies = new ReplyQueue(transport, protector, server.Announce, server.Options.MaxFrameBytes, Abort);
        _drain = new ConnectionDrain(transport, _frames, Replies, _running);
        _runner = new MessageRunner(server, transport.RemoteEndPoint, Replies, _running, _drain, _peer, () => _loop!.Start());
        ReceivePump pump = new(transport, _frames, server);
        ReadLease reads = new(_running, () => _loop!.Start(), server.Options.WatchesStalls);
        _intake = new MessageIntake(server, transport, _frames, pump, Replies, _peer, _running, _drain, _runner, reads);
        _loop = new ConnectionLoop(server, this, transport, _frames, pump, _running, _drain, _runner, _intake);
        _watch = new ConnectionWatch(server, this, transport, _frames, _running, _runner.Queued);
    }

    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>The replies on their way out.</summary>
    public ReplyQueue Replies { get; }

    /// <summary>Completes when the connection is closed and the last of its messages is done.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Bytes of the incomplete frame.</summary>
    public int BufferedBytes => _frames.Snapshot.BufferedBytes;

    /// <summary>It waits for the peer to send, and owes it nothing.</summary>
    public bool IsAtRest => _frames.Snapshot.AwaitsBytes && Replies.PendingBytes == 0;

    /// <summary>It was over <see cref="PostOfficeServerOptions.MaxConnections"/>.</summary>
    public bool WasRefused => _intake.Refusal is { IsUnserved: true };

    /// <summary>How many messages have come.</summary>
    public long Received => _frames.DocumentsTaken;

    /// <summary>How many messages run, without the queued ones.</summary>
    public int Running => Math.Max(0, _running.Count - _runner.Queued.Count);

    /// <inheritdoc cref="RunningMessages.IsDoneButForStop"/>
    public bool IsDoneButForStop => _running.IsDoneButForStop;

    /// <summary>It ends at once, or has ended.</summary>
    public bool IsCutOff => _peer.IsLost;

    /// <summary>Begins to serve the peer.</summary>
    public void Start() => _loop.Start();

    /// <summary>Tells the peer why it is not served, then closes.</summary>
    public void StartRefusing(ErrorInfo refusal)
    {
        _intake.Refusal = new LingeringClose(refusal, isUnserved: true);
        Start();
    }

    /// <summary>Closes a connection that was not started.</summary>
    public void Drop()
    {
        _frames.Dispose();
        _transport.Dispose();
    }

    /// <inheritdoc cref="ConnectionDrain.Begin"/>
    public void BeginDrain()
    {
        _drain.Begin();
        Replies.FlushAsync().Forget();
    }

    /// <inheritdoc cref="ConnectionDrain.EndGrace"/>
    public void EndGrace() => _drain.EndGrace();

    /// <inheritdoc cref="ConnectionWatch.OnTick"/>
    public void OnTick() => _watch.OnTick();

    /// <summary>Ends the connection at once; running messages are told to stop.</summary>
    public void Abort()
    {
        _peer.Lose();
        _runner.Queued.Drop(ErrorFrame.LostBefore, static held => !held.OutlivesConnection);
        _runner.Queued.Close();
        _transport.Shutdown();
    }

    /// <summary>
    /// The time of the server's stop is over: as <see cref="Abort"/>, and the senders of queued calls are told so. Another thread may have begun to send those replies, so the
    /// socket is closed once they have left, or the peer takes none.
    /// </summary>
    public async Task CutOffAsync()
    {
        _runner.Queued.Drop(ErrorFrame.StoppedBefore, static _ => true);
        await Replies.WhenIdleAsync().WaitAsync(LastRepliesTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abort();
    }

    /// <summary>The peer has ended its stream. One that awaits its replies in order may still read them; any other is gone.</summary>
    public void LosePeer()
    {
        _peer.Leave();
        _runner.Queued.Drop(ErrorFrame.LostBefore, static held => !held.InOrder && !held.OutlivesConnection);
    }

    /// <summary>The loop has ended, and nobody writes into the receive buffer any more.</summary>
    public async Task EndAsync(string reason)
    {
        _frames.Dispose();
        Replies.Dispose();
        _transport.Dispose();
        _server.Logger.Ended(RemoteEndPoint, reason);
        await _running.WhenNoneAsync().ConfigureAwait(false);
        _server.Remove(this);
        _ended.TrySetResult();
    }
}
