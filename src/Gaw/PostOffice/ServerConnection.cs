using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Unicode;
using Gaw.PostOffice.Framing;

namespace Gaw.PostOffice;

/// <summary>
/// One connection of a server: a loop that receives, hands each message upwards and sends the replies that are ready together in one write.
/// A message runs on the loop's own thread; when that takes long, another thread takes the loop over (<see cref="InlineRun"/>).
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The loop owns them and disposes them when it ends.")]
internal sealed class ServerConnection
{
    /// <summary>While an in-order message runs, no more than this is received ahead; then TCP pushes back.</summary>
    private const int MaxReadAheadBytes = 64 * 1024;

    /// <summary>While more than this waits to be sent, no further message is run.</summary>
    private const int MaxPendingReplyBytes = 256 * 1024;

    /// <summary>How often <see cref="OnTick"/> is called.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a peer may take for the TLS handshake.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a refused peer may go on sending, so that it can read the refusal before the connection is closed.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    private readonly PostOfficeServer _server;
    private readonly Transport _transport;
    private readonly IFrameProtector _protector;
    private readonly FrameReader _reader;
    private readonly InlineRun _inline;
    private readonly ActiveCount _running = new();
    private readonly ActiveCount _inOrder = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LazyCancellation _callerLeft = new();
    private readonly LazyCancellation _connectionLost = new();
    private Task<int>? _receiving;
    private FailureFrame? _refusal;
    private InboundMessage? _held;
    private BlockingHabit? _habit;
    private bool _isSecured;
    private volatile bool _awaitsBytes;
    private int _framesTaken;
    private int _framesAtLook;
    private PeerPace _pace;
    private volatile bool _isCutOff;
    private volatile bool _draining;
    private volatile bool _mayEnd;
    private volatile bool _endsReceiving;
    private bool _peerFinished;
    private long? _rest;

    public ServerConnection(PostOfficeServer server, Transport transport)
    {
        _server = server;
        _transport = transport;
        _protector = server.CreateProtector();
        _reader = new FrameReader(server.Options.MaxFrameBytes, server.Budget);
        Replies = new ReplySender(transport, _protector, server.Announce, server.Options.MaxFrameBytes, Abort);
        _inline = new InlineRun(TakeOver, onPool: true);
    }

    private enum Step
    {
        /// <summary>No complete frame is left.</summary>
        Receive,

        /// <summary>So many replies wait to be sent that no further message is run before.</summary>
        Flush,

        /// <summary>An in-order message runs.</summary>
        AwaitReply,

        /// <summary><see cref="_held"/> waits for one of the server's running calls to end.</summary>
        AwaitCallSlot,

        /// <summary>What came is no frame; <see cref="_refusal"/> says why.</summary>
        Refuse,

        /// <summary>The connection was cut off: nobody could get an answer, so what has come and was not begun is not run.</summary>
        CutOff,

        /// <summary>Another thread has taken the loop over.</summary>
        LoopLost,
    }

    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>The certificate that the peer has shown; <see langword="null"/> without TLS, or where none was asked for.</summary>
    public X509Certificate2? ClientCertificate => _transport.PeerCertificate;

    /// <summary>What goes out.</summary>
    public ReplySender Replies { get; }

    /// <summary>The calls that can be cancelled by their id; made by the layer above when it needs it.</summary>
    public ConcurrentDictionary<UInt128, CancellationTokenSource>? Cancellable { get; set; }

    /// <summary>Completes when the connection is closed and the last of its messages is done.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Bytes that the incomplete frame holds.</summary>
    public int BufferedBytes => _reader.BufferedBytes;

    /// <summary>It waits for the peer to send, and owes it nothing.</summary>
    public bool IsAtRest => _awaitsBytes && Replies.PendingBytes == 0;

    /// <summary>It was over <see cref="PostOfficeServerOptions.MaxConnections"/>.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Begins, or after a takeover goes on with, the loop, on another thread: the caller's must not run what comes in.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.LoopAsync().Forget(), this, preferLocal: false);

    /// <summary>How many messages came. Only the loop writes it, so that counting costs nothing; readers may see it a little late.</summary>
    public long Received { get; private set; }

    /// <summary>How many messages run.</summary>
    public int Running => _running.Value;

    /// <summary>The server stops: what comes now came after that, and whoever knows what it means is told that it has not run.</summary>
    public bool TurnsAway { get; private set; }

    /// <summary>Tells the peer why it is not served, then closes.</summary>
    public void StartRefusing(FailureFrame refusal)
    {
        WasRefused = true;
        _refusal = refusal;
        Start();
    }

    /// <summary>Closes a connection that was not started.</summary>
    public void Drop()
    {
        _reader.Dispose();
        _transport.Dispose();
    }

    /// <summary>Looks whether the peer keeps the pace that it owes.</summary>
    public void OnTick()
    {
        if (_isCutOff)
        {
            return;
        }

        PeerPace.Sight sight = new(
            AwaitsBytes: _awaitsBytes,
            FramesTaken: _framesTaken,
            BufferedBytes: _reader.BufferedBytes,
            HasLengthLine: _reader.HasLengthLine,
            PendingReplyBytes: Replies.PendingBytes,
            SentBytes: Replies.SentBytes,
            Running: _running.Value > 0);
        if (_pace.Judge(sight, Tick, _server.Options) is { } reason)
        {
            if (_pace.IsIdle)
            {
                _server.Logger.Idle(RemoteEndPoint, reason);
            }
            else if (_server.Refusals.Count("slow"))
            {
                _server.Logger.TooSlow(RemoteEndPoint, reason);
            }

            Abort();
        }
    }

    /// <summary>Fires when the peer is known to be gone.</summary>
    /// <param name="inOrder">A peer of in-order messages may stop sending and still wait for answers; the end of its stream is no loss.</param>
    public CancellationToken GetLostToken(bool inOrder) => (inOrder ? _connectionLost : _callerLeft).Token;

    /// <summary>Replies as soon as something else is done that is waited for here, but not run: it counts among the messages to be finished, not among the running calls of the server.</summary>
    /// <param name="done">What is waited for; never fails.</param>
    /// <param name="reply">Queues the reply.</param>
    public void ReplyAfter(Task done, Action reply)
    {
        _running.Increment();
        ReplyAfterAsync().Forget();

        async Task ReplyAfterAsync()
        {
            await done.ConfigureAwait(false);
            reply();
            LeaveRunning();
            await Replies.FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Queues the answer to a message that could not be read; the frame's border is known, so the connection goes on.</summary>
    public void ReplyFailure(FailureFrame failure)
    {
        if (_server.Refusals.Count("document"))
        {
            _server.Logger.NotReadable(RemoteEndPoint, failure.Message);
        }

        Replies.Post(failure);
    }

    /// <summary>
    /// The server stops: what has come still runs, the peer is told to send nothing more, and <see cref="TurnsAway"/> what it sent before it
    /// knew. Ends with <see cref="EndDrain"/>.
    /// </summary>
    public void BeginDrain()
    {
        _draining = true;
        _framesAtLook = _framesTaken;
        Replies.AnnounceStop();
        Replies.FlushAsync().Forget();
    }

    /// <summary>
    /// The peer has had its time to learn that the server stops: what has begun is finished, then the connection ends. Not yet, to be called
    /// again after the same time, where a peer that was told had more on its way, which has been read since, or has yet to be.
    /// </summary>
    public void EndDrain()
    {
        bool isQuiet = _awaitsBytes && _framesTaken == _framesAtLook;
        _framesAtLook = _framesTaken;
        if (Replies.HasAnnounced && !isQuiet)
        {
            return;
        }

        _mayEnd = true;
        Interlocked.MemoryBarrier();
        if (_reader.BufferedBytes == 0 && !IsAnsweringBesides)
        {
            EndReceiving();
        }
    }

    /// <summary>Ends the connection at once; running messages are told to stop.</summary>
    public void Abort()
    {
        _isCutOff = true;
        _connectionLost.Cancel();
        _callerLeft.Cancel();
        _transport.Shutdown();
    }

    private async Task LoopAsync()
    {
        string? reason = null;
        try
        {
            await SecureAsync().ConfigureAwait(false);
            while (reason is null)
            {
                Step step = _refusal is null ? RunReceived() : Step.Refuse;
                if (step == Step.LoopLost)
                {
                    return;
                }

                await Replies.FlushAsync().ConfigureAwait(false);
                switch (step)
                {
                    case Step.Flush:
                        await Replies.WhenIdleAsync().ConfigureAwait(false);
                        break;
                    case Step.AwaitReply:
                        await ReceiveAheadAsync().ConfigureAwait(false);
                        break;
                    case Step.AwaitCallSlot:
                        await _server.EnterCallAsync().ConfigureAwait(false);
                        InboundMessage held = _held!;
                        _held = null;
                        if (!Run(held))
                        {
                            return;
                        }

                        break;
                    case Step.Refuse:
                        await RefuseAsync().ConfigureAwait(false);
                        reason = _refusal!.Message;
                        break;
                    case Step.CutOff:
                        reason = "cut off";
                        break;
                    case Step.Receive when _peerFinished || IsDrained():
                        reason = await FinishAsync().ConfigureAwait(false);
                        break;
                    default:
                        await ReceiveAsync().ConfigureAwait(false);
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
            _server.Logger.LoopFailed(RemoteEndPoint, e);
        }

        await EndAsync(reason).ConfigureAwait(false);
    }

    private async ValueTask SecureAsync()
    {
        if (_isSecured || _server.Options.Tls is not { } tls)
        {
            return;
        }

        _isSecured = true;
        using CancellationTokenSource timeout = new(HandshakeTimeout, _server.Options.TimeProvider);
        try
        {
            await _transport.BeginTlsAsync(tls, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            if (!_draining && _server.Refusals.Count("tls"))
            {
                _server.Logger.NoTls(RemoteEndPoint, e);
            }

            throw;
        }
    }

    /// <summary>Hands every complete frame upwards and runs it.</summary>
    private Step RunReceived()
    {
        while (true)
        {
            if (_isCutOff)
            {
                return Step.CutOff;
            }

            if (_inOrder.Value > 0)
            {
                return Step.AwaitReply;
            }

            if (Replies.PendingBytes > MaxPendingReplyBytes)
            {
                return Step.Flush;
            }

            FrameStatus status = _reader.TryTake(out Memory<byte> payload);
            if (status == FrameStatus.Incomplete)
            {
                if (_reader.HasOnlyLengthLine)
                {
                    _transport.AcknowledgeNow();
                }

                return Step.Receive;
            }

            if (status != FrameStatus.Complete)
            {
                bool tooLarge = status == FrameStatus.TooLarge;
                return tooLarge ? Refuse("frame_size", FailureFrame.TooLarge(_server.Options.MaxFrameBytes)) : Refuse("length_line", FailureFrame.BadLengthLine);
            }

            _framesTaken++;
            if (!_protector.TryOpen(payload, out Memory<byte> document))
            {
                return Refuse("seal", FailureFrame.BrokenSeal);
            }

            if (!Utf8.IsValid(document.Span))
            {
                ReplyFailure(FailureFrame.NotReadable);
                continue;
            }

            Received++;
            if (_server.Handler(document, this) is not { } message)
            {
                continue;
            }

            if (!_server.TryEnterCall())
            {
                _held = message;
                return Step.AwaitCallSlot;
            }

            if (!Run(message))
            {
                return Step.LoopLost;
            }
        }
    }

    private Step Refuse(string kind, FailureFrame refusal)
    {
        if (_server.Refusals.Count(kind))
        {
            _server.Logger.NotAFrame(RemoteEndPoint, refusal.Message);
        }

        _refusal = refusal;
        return Step.Refuse;
    }

    /// <summary><see langword="false"/>: it took so long that another thread has the loop.</summary>
    private bool Run(InboundMessage message)
    {
        _running.Increment();
        if (message.InOrder)
        {
            _inOrder.Increment();
        }

        BlockingHabit? habit = message.Habit;
        if (habit is { IsLikely: true })
        {
            // Counted from now on, so that the pool has a thread for it as soon as it is queued.
            KeptThreads.Change(1);
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Self.RunElsewhere(work.Message, work.Habit), (Self: this, Message: message, Habit: habit), preferLocal: false);
            return true;
        }

        _habit = habit;
        long token = _inline.Enter();
        Process(message);
        if (_inline.TryLeave(token))
        {
            return true;
        }

        Replies.FlushAsync().Forget();
        return false;
    }

    /// <summary>For work that will probably keep its thread: the loop goes on meanwhile.</summary>
    private void RunElsewhere(InboundMessage message, BlockingHabit habit)
    {
        long began = Environment.TickCount64;
        Process(message);
        if (Environment.TickCount64 - began >= InlineRun.StallMilliseconds)
        {
            habit.HasBlocked();
        }
        else
        {
            habit.HasNot();
        }

        KeptThreads.Change(-1);
        Replies.FlushAsync().Forget();
    }

    /// <summary>Begins the message's work on this thread, and lets it end on whichever it does.</summary>
    private void Process(InboundMessage message)
    {
        ValueTask processing;
        try
        {
            processing = message.ProcessAsync();
        }
        catch (Exception e)
        {
            // Against its promise; but the count of what runs has to come back to zero, or the connection never ends.
            processing = ValueTask.FromException(e);
        }

        if (processing.IsCompletedSuccessfully)
        {
            Complete(message);
        }
        else
        {
            CompleteLaterAsync(processing, message).Forget();
        }
    }

    /// <summary>What runs in line takes long.</summary>
    private void TakeOver()
    {
        _habit?.HasBlocked();
        Start();
    }

    private async Task CompleteLaterAsync(ValueTask processing, InboundMessage message)
    {
        try
        {
            await processing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _server.Logger.HandlerFailed(RemoteEndPoint, e);
        }

        Complete(message);
        await Replies.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>The message is answered. It counts among those that run until it has ended, but the next one in order may begin.</summary>
    private void Complete(InboundMessage message)
    {
        if (message.HoldsResources)
        {
            // Ending it may take long: the reply leaves first.
            Replies.FlushAsync().Forget();
        }

        if (message.InOrder)
        {
            _inOrder.Decrement();
        }

        ValueTask ending = message.EndAsync();
        if (ending.IsCompletedSuccessfully)
        {
            LeaveCall();
        }
        else
        {
            LeaveCallAfterAsync(ending).Forget();
        }
    }

    private async Task LeaveCallAfterAsync(ValueTask ending)
    {
        await ending.ConfigureAwait(false);
        LeaveCall();
    }

    private void LeaveCall()
    {
        LeaveRunning();
        _server.LeaveCall();
    }

    private void LeaveRunning()
    {
        _running.Decrement();
        if (_mayEnd && !IsAnsweringBesides && _reader.BufferedBytes == 0)
        {
            // The loop may be receiving, for this message's sake.
            EndReceiving();
        }
    }

    /// <summary>Messages run, and the peer, which does not wait for their answers, may still send others: those want an answer, too.</summary>
    private bool IsAnsweringBesides => _running.Value > _inOrder.Value;

    /// <summary>The server stops, no frame is under way, and what the system had received by then has been read.</summary>
    private bool IsDrained()
    {
        if (!_draining)
        {
            return false;
        }

        _rest ??= _transport.MaxUnread;
        if (_reader.BufferedBytes > 0)
        {
            return false;
        }

        TurnsAway |= _rest <= 0 || _transport.Available == 0;
        if (!_mayEnd || IsAnsweringBesides)
        {
            return false;
        }

        // Whoever has been told sends nothing more, so all that has come is read; of another, who may go on and on, what had come by then.
        EndReceiving();
        return _rest <= 0 && !Replies.HasAnnounced;
    }

    /// <summary>What has come can still be received, and then the end, which is not the peer's.</summary>
    private void EndReceiving()
    {
        _endsReceiving = true;
        _transport.ShutdownReceive();
    }

    private async ValueTask ReceiveAsync()
    {
        int count;
        if (_receiving is { } begun)
        {
            _awaitsBytes = true;
            count = await begun.ConfigureAwait(false);
            _awaitsBytes = false;
            _receiving = null;
        }
        else
        {
            ValueTask<int> receiving = _transport.ReceiveAsync(_reader.GetFreeSpace());
            if (receiving.IsCompletedSuccessfully)
            {
                count = receiving.Result;
            }
            else
            {
                _awaitsBytes = true;
                count = await receiving.ConfigureAwait(false);
                _awaitsBytes = false;
            }
        }

        Take(count);
    }

    /// <summary>Waits for the in-order message that runs, and meanwhile receives ahead, so that a lost connection is noticed.</summary>
    private async ValueTask ReceiveAheadAsync()
    {
        Task replied = _inOrder.WhenZeroAsync();
        while (!replied.IsCompleted && !_peerFinished && _reader.BufferedBytes < MaxReadAheadBytes)
        {
            _receiving ??= _transport.ReceiveAsync(_reader.GetFreeSpace()).AsTask();
            await Task.WhenAny(_receiving, replied).ConfigureAwait(false);
            if (_receiving.IsCompleted)
            {
                int count = await _receiving.ConfigureAwait(false);
                _receiving = null;
                Take(count);
            }
        }

        await replied.ConfigureAwait(false);
    }

    private void Take(int count)
    {
        if (count == 0)
        {
            _peerFinished = true;
            return;
        }

        _rest -= count;
        _reader.Received(count);
        _server.CheckBudget();
    }

    /// <summary>The stream has ended between two frames, or the server stops: answers what runs.</summary>
    private async ValueTask<string> FinishAsync()
    {
        if (_reader.BufferedBytes > 0)
        {
            return "it ended within a frame";
        }

        if (_peerFinished && !_endsReceiving)
        {
            _callerLeft.Cancel();
        }

        await _running.WhenZeroAsync().ConfigureAwait(false);
        await Replies.FlushAsync().ConfigureAwait(false);
        await Replies.WhenIdleAsync().ConfigureAwait(false);

        return _draining ? "the server stops" : "closed by the peer";
    }

    /// <summary>Answers once, then closes so that the answer arrives: a close with bytes unread would throw it away.</summary>
    private async ValueTask RefuseAsync()
    {
        // What was asked for before is answered before.
        await _running.WhenZeroAsync().ConfigureAwait(false);
        Replies.Post(_refusal!);
        await Replies.FlushAsync().ConfigureAwait(false);
        await Replies.WhenIdleAsync().ConfigureAwait(false);
        _transport.ShutdownSend();
        using CancellationTokenSource linger = new(LingerTime, _server.Options.TimeProvider);
        using CancellationTokenRegistration cut = linger.Token.UnsafeRegister(static self => ((ServerConnection)self!)._transport.Shutdown(), this);
        byte[] discarded = new byte[4096];
        long left = 64L * _server.Options.MaxFrameBytes;
        while (left > 0 && await _transport.ReceiveAsync(discarded).ConfigureAwait(false) is > 0 and int count)
        {
            left -= count;
        }
    }

    private async Task EndAsync(string reason)
    {
        Abort();
        if (_receiving is { } receiving)
        {
            await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _reader.Dispose();
        Replies.Dispose();
        _transport.Dispose();
        _server.Logger.Ended(RemoteEndPoint, reason);
        await _running.WhenZeroAsync().ConfigureAwait(false);
        _server.Remove(this);
        _ended.TrySetResult();
    }
}
