using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Unicode;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Scheduling;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server;

/// <summary>
/// One connection of a server: a loop that receives, hands each message upwards and sends the replies that are ready together in one write.
/// A message runs on the loop's own thread; when that takes long, another thread takes the loop over (<see cref="LoopLease"/>).
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The loop owns them and disposes them when it ends.")]
internal sealed class ServerConnection
{
    /// <summary>While an in-order message runs, no more than this is received ahead; then TCP pushes back.</summary>
    private const int MaxReadAheadBytes = 64 * 1024;

    /// <summary>
    /// While more than this waits to be sent, no further message is run, nor read: a cancellation behind is heard once the peer reads. To read on would take memory for what stands
    /// before it, at the will of a peer that does not read. One that does not read at all is cut off by <see cref="SlowPeerDetector"/> after ten seconds, which cancels all its calls; that it is gone
    /// is noticed within a tick.
    /// </summary>
    private const int MaxPendingReplyBytes = 256 * 1024;

    /// <summary>
    /// While messages of more bytes than this wait for their work to begin, no further one is read: nor a cancellation behind them. In one ordered stream, what stands before a cancellation has to be
    /// kept, run, refused or left unread. To keep it has no bound, to run it breaks <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>, to refuse it loses calls that only had to wait; so it is
    /// left unread. All other ends are heard: the loss of the peer (<see cref="WatchPeer"/>), the stop (<see cref="CutOff"/>), and the deadline of each caller (<see cref="WatchHeld"/>).
    /// </summary>
    private const int MaxHeldBytes = 4 * 1024 * 1024;

    /// <summary>What a message takes besides its bytes, about.</summary>
    private const int BytesOfHeld = 256;

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
    private readonly LoopLease _inline;
    private readonly InFlightCounter _running = new();
    private readonly InFlightCounter _inOrder = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LazyCancellation _callerLeft;
    private readonly LazyCancellation _connectionLost;
    private readonly HeldMessages _held = new(MaxHeldBytes);
    private readonly DrainState _drain = new();
    private Task<int>? _receiving;
    private ErrorFrame? _refusal;
    private BlockingPredictor? _habit;
    private bool _isSecured;
    private volatile bool _awaitsBytes;
    private int _framesTaken;
    private SlowPeerDetector _pace;
    private int _awaitingStop;
    private volatile bool _hasCallerLeft;
    private volatile bool _isCutOff;
    private bool _peerFinished;
    private long? _rest;

    public ServerConnection(PostOfficeServer server, Transport transport)
    {
        _server = server;
        _transport = transport;
        _protector = server.CreateProtector();
        _reader = new FrameReader(server.Options.MaxFrameBytes, server.Budget);
        Replies = new ReplyQueue(transport, _protector, server.Announce, server.Options.MaxFrameBytes, Abort);
        _inline = new LoopLease(TakeOver, onPool: true, server.Options.WatchesStalls);
        _callerLeft = new LazyCancellation(server.Logger);
        _connectionLost = new LazyCancellation(server.Logger);
    }

    private enum LoopAction
    {
        /// <summary>No complete frame is left.</summary>
        Receive,

        /// <summary>Nothing more is received: the peer has ended its stream, or the connection is drained.</summary>
        Finish,

        /// <summary>So many replies wait to be sent that no further message is run before.</summary>
        Flush,

        /// <summary>An in-order message runs.</summary>
        AwaitReply,

        /// <summary>So many messages wait for their work to begin that no further one is read before.</summary>
        AwaitRoom,

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
    public ReplyQueue Replies { get; }

    /// <summary>The calls that run and can be cancelled by their id.</summary>
    public ConcurrentDictionary<UInt128, CallCancellation> Cancellable =>
        field ?? Interlocked.CompareExchange(ref field, new(), null) ?? field;

    /// <summary>Completes when the connection is closed and the last of its messages is done.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Bytes that the incomplete frame holds.</summary>
    public int BufferedBytes => _reader.BufferedBytes;

    /// <summary>It waits for the peer to send, and owes it nothing.</summary>
    public bool IsAtRest => _awaitsBytes && Replies.PendingBytes == 0;

    /// <summary>It was over <see cref="PostOfficeServerOptions.MaxConnections"/>.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Begins, or after a takeover goes on with, the loop, on another thread: the caller's must not run what comes in.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(
        static self =>
        {
            ForeignCode.BeginLoop();
            self.LoopAsync().Forget();
        },
        this,
        preferLocal: false);

    /// <summary>How many messages came. Only the loop writes it, so that counting costs nothing; readers may see it a little late.</summary>
    public long Received { get; private set; }

    /// <summary>How many messages run; those that wait for it are not counted.</summary>
    public int Running => Math.Max(0, _running.Value - _held.Count);

    /// <summary>All of its messages are done but those that wait for the server to stop.</summary>
    public bool IsDoneButForStop => _running.Value <= Volatile.Read(ref _awaitingStop);

    /// <summary>It ends at once, or has ended.</summary>
    public bool IsCutOff => _isCutOff;

    /// <summary>The server is draining. Requests that arrive now are rejected as not run, where their peer knows what that means. Asked by the loop only.</summary>
    public bool RejectsNewCalls => _drain.RejectsNewCalls;

    /// <summary>Tells the peer why it is not served, then closes.</summary>
    public void StartRefusing(ErrorFrame refusal)
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

        WatchHeld();
        WatchPeer();
        SlowPeerDetector.PeerSnapshot sight = new(
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
            else if (_server.RejectionLog.Count("slow"))
            {
                _server.Logger.TooSlow(RemoteEndPoint, reason);
            }

            Abort();
        }
    }

    /// <summary>Whose own time is over is not run any more.</summary>
    private void WatchHeld()
    {
        if (_held.Count > 0)
        {
            long now = _server.Options.TimeProvider.GetTimestamp();
            Drop(ErrorFrame.OverdueBefore, held => held.IsOverdue(now));
        }
    }

    /// <summary>Whatever the loop waits for, and however much lies unread: that the peer is gone is noticed.</summary>
    private void WatchPeer()
    {
        if (_awaitsBytes || _running.Value == 0)
        {
            return;
        }

        switch (_transport.GetPeerState())
        {
            case PeerState.Lost:
                Abort();
                break;
            case PeerState.Finished:
                LoseCaller();
                break;
        }
    }

    /// <summary>The peer sends nothing more: one that awaits its answers in their order may still want them, another one is gone.</summary>
    private void LoseCaller()
    {
        _hasCallerLeft = true;
        _callerLeft.Cancel();
        Drop(ErrorFrame.LostBefore, static held => !held.InOrder && !held.OutlivesConnection);
    }

    /// <summary>Withdraws a message that has not begun. Of one that has begun meanwhile, <see cref="HeldMessage.IsWithdrawn"/> tells.</summary>
    /// <returns>It was withdrawn, and answered.</returns>
    public bool TryWithdraw(UInt128 number) => _held.Find(number) is { } held && TryWithdraw(held);

    /// <inheritdoc cref="TryWithdraw(UInt128)"/>
    public bool TryWithdraw(HeldMessage held)
    {
        if (TryDrop(held, ErrorFrame.CancelledBefore))
        {
            return true;
        }

        held.Withdraw();
        return false;
    }

    /// <summary>A message of it waits for the server to stop.</summary>
    public void AwaitStop() => Interlocked.Increment(ref _awaitingStop);

    /// <summary>It is a connection of this server.</summary>
    public bool BelongsTo(PostOfficeServer server) => _server == server;

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
    public void ReplyFailure(ErrorFrame failure)
    {
        if (_server.RejectionLog.Count("document"))
        {
            _server.Logger.NotReadable(RemoteEndPoint, failure.Message);
        }

        Replies.Post(failure);
    }

    /// <summary>The server stops: received calls run on, the peer is sent a stop notice, and calls that it sent before it knew are rejected.</summary>
    public void BeginDrain()
    {
        _drain.Begin(_framesTaken);
        Replies.AnnounceStop();
        Replies.FlushAsync().Forget();
    }

    /// <summary>A grace period is over: receiving ends now, with the last call, or, while a peer that knows of the stop still sends, after another period.</summary>
    public void EndGrace()
    {
        _drain.EndGrace(GetDrainFacts(Backlog.Left));
        AdvanceDrain(Backlog.Left);
    }

    /// <summary>Ends the connection at once; running messages are told to stop.</summary>
    public void Abort()
    {
        _isCutOff = true;
        _connectionLost.Cancel();
        _callerLeft.Cancel();
        Drop(ErrorFrame.LostBefore, static held => !held.OutlivesConnection);
        _held.Close();
        _transport.Shutdown();
    }

    /// <summary>The server's stop has taken its time: as <see cref="Abort"/>, and who waited for a call that has not begun is told so.</summary>
    public void CutOff()
    {
        Drop(ErrorFrame.StoppedBefore, static _ => true);
        Abort();
    }

    private async Task LoopAsync()
    {
        string? reason = null;
        try
        {
            await SecureAsync().ConfigureAwait(false);
            while (reason is null)
            {
                LoopAction step = _refusal is null ? RunReceived() : LoopAction.Refuse;
                if (step == LoopAction.LoopLost)
                {
                    return;
                }

                await Replies.FlushAsync().ConfigureAwait(false);
                switch (step)
                {
                    case LoopAction.Flush:
                        await Replies.WhenIdleAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitReply:
                        await ReceiveAheadAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.AwaitRoom:
                        await _held.WhenRoomAsync().ConfigureAwait(false);
                        break;
                    case LoopAction.Refuse:
                        await RefuseAsync().ConfigureAwait(false);
                        reason = _refusal!.Message;
                        break;
                    case LoopAction.CutOff:
                        reason = "cut off";
                        break;
                    case LoopAction.Finish:
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
        bool hasSpoken = false;
        try
        {
            hasSpoken = await _transport.AwaitFirstByteAsync(timeout.Token).ConfigureAwait(false);
            if (!hasSpoken)
            {
                throw new IOException("it closed before the TLS handshake");
            }

            await _transport.BeginTlsAsync(tls, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            // Who connects and closes without a word, as load balancers do to see whether somebody listens, is refused nothing.
            bool isProbe = !hasSpoken && !timeout.IsCancellationRequested;
            if (_drain.Phase == DrainPhase.Open && !isProbe && _server.RejectionLog.Count("tls"))
            {
                _server.Logger.NoTls(RemoteEndPoint, e);
            }

            throw;
        }
    }

    /// <summary>Hands every complete frame upwards and runs it.</summary>
    private LoopAction RunReceived()
    {
        while (true)
        {
            if (_isCutOff)
            {
                return LoopAction.CutOff;
            }

            if (_inOrder.Value > 0)
            {
                return LoopAction.AwaitReply;
            }

            if (!_held.HasRoom)
            {
                return LoopAction.AwaitRoom;
            }

            if (Replies.PendingBytes > MaxPendingReplyBytes)
            {
                return LoopAction.Flush;
            }

            FrameStatus status = _reader.TryTake(out Memory<byte> payload);
            if (status == FrameStatus.Incomplete)
            {
                if (_reader.HasOnlyLengthLine)
                {
                    _transport.AcknowledgeNow();
                }

                return _peerFinished || AdvanceDrain(GetBacklog()) ? LoopAction.Finish : LoopAction.Receive;
            }

            if (status != FrameStatus.Complete)
            {
                bool tooLarge = status == FrameStatus.TooLarge;
                return tooLarge ? Refuse("frame_size", ErrorFrame.TooLarge(_server.Options.MaxFrameBytes)) : Refuse("length_line", ErrorFrame.BadLengthLine);
            }

            _framesTaken++;
            if (!_protector.TryOpen(payload, out Memory<byte> document))
            {
                return Refuse("seal", ErrorFrame.BadSignature);
            }

            if (!Utf8.IsValid(document.Span))
            {
                ReplyFailure(ErrorFrame.NotReadable);
                continue;
            }

            Received++;
            if (_server.Handler(document, this) is not { } message)
            {
                ForeignCode.Leave();
                continue;
            }

            if (!Run(message, payload.Length))
            {
                return LoopAction.LoopLost;
            }
        }
    }

    private LoopAction Refuse(string kind, ErrorFrame refusal)
    {
        if (_server.RejectionLog.Count(kind))
        {
            _server.Logger.NotAFrame(RemoteEndPoint, refusal.Message);
        }

        _refusal = refusal;
        return LoopAction.Refuse;
    }

    /// <summary><see langword="false"/>: it took so long that another thread has the loop.</summary>
    private bool Run(InboundMessage message, int bytes)
    {
        _running.Increment();
        if (message.InOrder)
        {
            _inOrder.Increment();
        }

        BlockingPredictor? habit = message.Habit;
        bool mayBegin = message.IsControl || _server.Slots is null || _server.Slots.TryEnter();
        if (!mayBegin || habit is { IsLikely: true })
        {
            Hold(message, bytes, mayBegin);
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

    /// <summary>The message begins on another thread, or not at all; the loop goes on meanwhile.</summary>
    private void Hold(InboundMessage message, int bytes, bool mayBegin)
    {
        HeldMessage held = new(message, bytes + BytesOfHeld);
        message.Held = held;
        _held.Add(held);
        ForeignCode.Leave();
        if (mayBegin)
        {
            held.Queue();
        }
        else
        {
            _server.Slots!.Enqueue(held);
        }

        // Pairs with the order in Abort: either it finds the message there, or its flag is seen here.
        if (_isCutOff && GetReasonNotToRun(held) is { } reason)
        {
            TryDrop(held, reason);
        }
    }

    /// <summary>The turn of a held message has come. It has its place among the running calls.</summary>
    public void RunHeld(HeldMessage held, InboundMessage message)
    {
        _held.Leave(held);
        if (GetReasonNotToRun(held) is { } reason)
        {
            bool hasPlace = !message.IsControl;
            Abandon(held, message, reason);
            if (hasPlace)
            {
                PassSlotOn();
            }

            return;
        }

        BlockingPredictor? habit = message.Habit;
        long began = Environment.TickCount64;
        Process(message);
        if (Environment.TickCount64 - began >= LoopLease.StallMilliseconds)
        {
            habit?.HasBlocked();
        }
        else
        {
            habit?.HasNot();
        }

        Replies.FlushAsync().Forget();
    }

    /// <summary>A place among the running calls is given back.</summary>
    public void PassSlotOn() => _server.Slots?.Leave();

    private ErrorFrame? GetReasonNotToRun(HeldMessage held)
    {
        if (_server.IsCutOff)
        {
            return ErrorFrame.StoppedBefore;
        }

        if (!held.OutlivesConnection && (_isCutOff || (_hasCallerLeft && !held.InOrder)))
        {
            return ErrorFrame.LostBefore;
        }

        return held.IsOverdue(_server.Options.TimeProvider.GetTimestamp()) ? ErrorFrame.OverdueBefore : null;
    }

    private void Drop(ErrorFrame reason, Func<HeldMessage, bool> which)
    {
        if (_held.Count == 0)
        {
            return;
        }

        foreach (HeldMessage held in _held.ToArray())
        {
            if (which(held))
            {
                TryDrop(held, reason);
            }
        }
    }

    private bool TryDrop(HeldMessage held, ErrorFrame reason)
    {
        if (held.TryDrop() is not { } message)
        {
            return false;
        }

        _held.Leave(held);
        _server.Slots?.Forget();
        Abandon(held, message, reason);
        return true;
    }

    /// <summary>Answers a message that is not run, and ends it.</summary>
    private void Abandon(HeldMessage held, InboundMessage message, ErrorFrame reason)
    {
        message.Abandon(reason);
        _held.Forget(held);
        message.Held = null;
        if (message.InOrder)
        {
            _inOrder.Decrement();
        }

        message.EndAsync().Forget();
        LeaveRunning();
        Replies.FlushAsync().Forget();
    }

    /// <summary>Begins the message's work on this thread, and lets it end on whichever it does.</summary>
    private void Process(InboundMessage message)
    {
        ValueTask processing = message.StaysOnThread ? ProcessHere(message) : ProcessAnywhere(message);
        if (processing.IsCompletedSuccessfully)
        {
            Complete(message);
        }
        else
        {
            CompleteLaterAsync(processing, message).Forget();
        }

        ForeignCode.Leave();
    }

    private static ValueTask ProcessHere(InboundMessage message)
    {
        RunningCall? outer = ForeignCode.EnterThread(message.Begin());
        ValueTask processing = StartProcessing(message);
        ForeignCode.LeaveThread(outer);
        return processing;
    }

    private static ValueTask ProcessAnywhere(InboundMessage message)
    {
        ForeignCode.Enter(message.Begin());
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        ValueTask processing = StartProcessing(message);
        if (!processing.IsCompletedSuccessfully || message.HoldsResources || GC.GetAllocatedBytesForCurrentThread() != allocated)
        {
            message.MayBeOutlived();
        }

        return processing;
    }

    private static ValueTask StartProcessing(InboundMessage message)
    {
        try
        {
            return message.ProcessAsync();
        }
        catch (Exception e)
        {
            // Against its promise; but the count of what runs has to come back to zero, or the connection never ends.
            return ValueTask.FromException(e);
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

        if (message.Held is { } held)
        {
            _held.Forget(held);
            message.Held = null;
        }

        if (message.Leave())
        {
            Interlocked.Decrement(ref _awaitingStop);
        }

        bool hasPlace = !message.IsControl;
        ValueTask ending = message.EndAsync();
        if (ending.IsCompletedSuccessfully)
        {
            LeaveCall(hasPlace);
        }
        else
        {
            LeaveCallAfterAsync(ending, hasPlace).Forget();
        }
    }

    private async Task LeaveCallAfterAsync(ValueTask ending, bool hasPlace)
    {
        await ending.ConfigureAwait(false);
        LeaveCall(hasPlace);
    }

    private void LeaveCall(bool hasPlace)
    {
        LeaveRunning();
        if (hasPlace)
        {
            PassSlotOn();
        }
    }

    private void LeaveRunning()
    {
        _running.Decrement();
        if (_drain.Phase != DrainPhase.Open)
        {
            // The loop may wait in a receive for this message's sake.
            AdvanceDrain(Backlog.Left);
        }
    }

    /// <summary>Takes the drain as far as it can go; the one place where receiving ends.</summary>
    /// <returns>The connection is drained.</returns>
    private bool AdvanceDrain(Backlog backlog)
    {
        while (true)
        {
            switch (_drain.Evaluate(GetDrainFacts(backlog)))
            {
                case DrainAction.RejectNew:
                    break;
                case DrainAction.EndReceiving:
                    _transport.ShutdownReceive();
                    break;
                case DrainAction.Finish:
                    return true;
                default:
                    return false;
            }
        }
    }

    private DrainFacts GetDrainFacts(Backlog backlog) => new(
        PeerWasTold: Replies.HasAnnounced,
        AwaitsBytes: _awaitsBytes,
        FramesTaken: _framesTaken,
        BufferedBytes: _reader.BufferedBytes,
        AnswersOutOfOrder: _running.Value > _inOrder.Value,
        Backlog: backlog);

    /// <summary>For the loop: whether the bytes that came before the stop are read.</summary>
    private Backlog GetBacklog()
    {
        if (_drain.Phase == DrainPhase.Open)
        {
            return Backlog.Left;
        }

        _rest ??= _transport.MaxUnread;
        return _rest <= 0 ? Backlog.Read : _transport.Available == 0 ? Backlog.SocketEmpty : Backlog.Left;
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

        if (_peerFinished && _drain.Phase != DrainPhase.ReceivingEnded)
        {
            LoseCaller();
        }

        await _running.WhenZeroAsync().ConfigureAwait(false);
        await Replies.FlushAsync().ConfigureAwait(false);
        await Replies.WhenIdleAsync().ConfigureAwait(false);

        return _drain.Phase != DrainPhase.Open ? "the server stops" : "closed by the peer";
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
