using System.Net;
using System.Net.Sockets;
using Gaw.Json;
using Gaw.PostOffice.Framing;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>
/// One connection of a client, which carries many calls at once. Somebody has to read the answers: a caller that is alone does it on its own
/// thread, which spares two thread switches; as soon as there are several, or one that awaits, a thread of the connection does it in batches
/// and runs continuations in line (<see cref="InlineRun"/>).
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    /// <summary>Answers that may still come for calls nobody waits for any more; beyond this the peer is taken for dead.</summary>
    private const int MaxAbandoned = 10_000;

    /// <summary>As much of unanswered requests surely fits into the system's buffers, so that sending it does not block.</summary>
    private const int UnblockedBytes = 32 * 1024;

    /// <summary>The run of a reading thread that the current thread is in.</summary>
    [ThreadStatic]
    private static (InlineRun Run, long Token) _currentRun;

    /// <summary>Watches over the waiting of a thread of the pool: there is one thread more while it lasts.</summary>
    [ThreadStatic]
    private static InlineRun? _pooledWait;

    private readonly ConnectionPool _pool;
    private readonly Transport _transport;
    private readonly EndPoint _endPoint;
    private readonly IFrameProtector _protector;
    private readonly AnswerId? _answerId;
    private readonly PostOfficeClientOptions _options;
    private readonly ILogger _logger;
    private readonly FrameReader _reader;
    private readonly RequestSender _requests;
    private readonly InlineRun _inline;
    private readonly ITimer _clock;
    private readonly Lock _gate = new();
    private readonly CallTable _calls = new();
    private readonly SemaphoreSlim _threadWanted = new(0);
    private Reader _readBy;
    private bool _threadParked;
    private int _readingThread;
    private bool _lastWasSynchronous;
    private volatile bool _isParallel;
    private volatile bool _hasAnswered;
    private bool _closed;
    private volatile bool _retired;
    private int _idleTicks;
    private bool _usedSinceTick = true;

    public ClientConnection(ConnectionPool pool, Transport transport, EndPoint endPoint, IFrameProtector protector, AnswerId? answerId, PostOfficeClientOptions options, ILogger logger)
    {
        _pool = pool;
        _isParallel = answerId is null;
        _transport = transport;
        _endPoint = endPoint;
        _protector = protector;
        _answerId = answerId;
        _options = options;
        _logger = logger;
        _reader = new FrameReader(options.MaxFrameBytes);
        _requests = new RequestSender(transport, protector, OnSendFailed);
        _inline = new InlineRun(StartThread);
        _clock = options.TimeProvider.CreateTimer(static self => ((ClientConnection)self!).OnTick(), this, CallTable.Tick, CallTable.Tick);
        logger.ConnectedTo(endPoint);
    }

    private enum Reader
    {
        Nobody,
        Caller,
        Thread,
    }

    /// <summary>Calls that are open, and answers that may still come for those that nobody waits for any more.</summary>
    public int OpenCalls => _calls.Count;

    public EndPoint EndPoint => _endPoint;

    /// <summary>Whether nothing is signed here, since the client has no secret.</summary>
    public bool IsPlain => _protector is PlainFrameProtector;

    /// <summary>Calls may be sent here, though they may have to wait behind others.</summary>
    public bool TakesCalls => !IsClosed && !_retired;

    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>The server has said that it takes no further calls here; those that are open may still be answered.</summary>
    public bool IsRetiredByServer { get; private set; }

    /// <summary>A further call would not wait behind another.</summary>
    public bool HasRoom => TakesCalls && (_isParallel || _calls.Count == 0);

    /// <summary>What the layer above has learned of the server on this connection, and wants to know again.</summary>
    public object? Server { get; set; }

    /// <summary>The server answers one call after the other, as the original does.</summary>
    public bool IsInOrder => _hasAnswered && !_isParallel;

    /// <summary>
    /// Looks whether the peer has closed while nobody was reading: a call sent into such a connection would be lost, and nobody could say
    /// whether it ran.
    /// </summary>
    /// <exception cref="GawException">The peer has spoken before it was asked anything: it is no Gaw server, or one that says why it takes no calls.</exception>
    public bool IsUsable()
    {
        GawException? said = null;
        lock (_gate)
        {
            // While a call is open, or an answer may come that nobody waits for any more, bytes to be read say nothing.
            if (_closed || _retired || _calls.Count > 0 || _transport.IsTls || !_transport.IsReadable())
            {
                return !_closed && !_retired;
            }

            if (!_hasAnswered && _readBy == Reader.Nobody && _transport.Available > 0)
            {
                try
                {
                    Receive();
                    ReadFrames(inline: false);
                    return true;
                }
                catch (GawException e)
                {
                    said = e;
                }
            }
        }

        Fail(said ?? (Exception)new IOException("The server closed the connection while it was idle."));
        return said is null ? false : throw said;
    }

    /// <summary>Sends a call. Afterwards a synchronous one is waited for with <see cref="Wait"/>; another continues by itself.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">Its document.</param>
    /// <param name="behindOthers">Also where it may have to wait for the answers to others.</param>
    /// <returns><see langword="false"/>: the connection is closed or has no room, nothing was sent, the writer is still the caller's.</returns>
    public bool TrySend(OutboundCall call, JsonWriter message, bool behindOthers = false)
    {
        call.FrameBytes = message.Length;
        call.Position.End = 0;
        lock (_gate)
        {
            if (_closed || _retired || !(HasRoom || behindOthers))
            {
                return false;
            }

            _usedSinceTick = true;
            _calls.Add(call);
            if (!call.IsSynchronous && _readBy == Reader.Nobody)
            {
                _readBy = Reader.Thread;
                WakeThread();
            }
        }

        _requests.Post(message, call.Position);
        if (_readingThread == Environment.CurrentManagedThreadId)
        {
            // A continuation in line: its frames leave with the others when the batch is through.
            return true;
        }

        if (call.IsSynchronous || _calls.UnansweredBytes <= UnblockedBytes)
        {
            _requests.Flush();
        }
        else
        {
            // It might block, which is nothing that an asynchronous caller expects.
            _requests.FlushElsewhere();
        }

        return true;
    }

    /// <summary>Blocks until the call is done, and reads the answers meanwhile where nobody else does.</summary>
    /// <param name="call">A synchronous call that was sent here.</param>
    /// <param name="mayRead">This thread may block in a receive: nothing but the answer and the time-out has to end its waiting.</param>
    public void Wait(OutboundCall call, bool mayRead)
    {
        InlineRun? watched = Thread.CurrentThread.IsThreadPoolThread ? _pooledWait ??= new InlineRun(static () => { }, onPool: true) : null;
        long token = watched?.Enter() ?? 0;
        try
        {
            WaitUnwatched(call, mayRead);
        }
        finally
        {
            watched?.TryLeave(token);
        }
    }

    private void WaitUnwatched(OutboundCall call, bool mayRead)
    {
        // Inside TLS a thread always reads: that the peer has closed cannot be seen from outside.
        mayRead &= !_transport.IsTls;

        // A reading thread that waits for an answer would wait for itself.
        _currentRun.Run?.GiveUp(_currentRun.Token);
        while (true)
        {
            bool reads = false;
            lock (_gate)
            {
                if (call.IsDone)
                {
                    HandReadingOver();
                    return;
                }

                if (_readBy == Reader.Nobody && mayRead)
                {
                    _readBy = Reader.Caller;
                    reads = true;
                }
                else if (_readBy == Reader.Nobody)
                {
                    _readBy = Reader.Thread;
                    WakeThread();
                }
            }

            if (reads)
            {
                ReadFor(call);
                do
                {
                    // Where another thread has ended the call or the connection, it may not have said so to the call yet.
                    call.WaitForDoneOrOffer();
                }
                while (!call.IsDone);
                return;
            }

            call.WaitForDoneOrOffer();
        }
    }

    /// <summary>Ends a call whose caller does not want to wait any longer. Its answer, should it come, is dropped; the other calls go on.</summary>
    public void Abandon(OutboundCall call, Exception reason)
    {
        lock (_gate)
        {
            if (!_calls.Abandon(call))
            {
                return;
            }
        }

        call.Complete(reason, inline: false);
        TellAbandoned(call);
    }

    /// <summary>Closes the connection; open calls fail.</summary>
    public void Dispose() => Fail(new ObjectDisposedException(null, "The client was disposed."));

    /// <summary>For the caller that reads: takes answers off the connection until its own is there.</summary>
    private void ReadFor(OutboundCall call)
    {
        try
        {
            _transport.ReceiveTimeout = call.Timeout == Timeout.InfiniteTimeSpan ? 0 : (int)Math.Max(1, call.Timeout.TotalMilliseconds);
            while (ReadFrames(inline: false) && !call.IsDone)
            {
                Receive();
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            _retired = true;
            Abandon(call, TimedOut(call));
        }
        catch (Exception e)
        {
            Fail(e);
        }

        lock (_gate)
        {
            _readBy = Reader.Nobody;
            HandReadingOver();
        }
    }

    /// <summary>The body of the reading thread.</summary>
    private void ReadOnThread()
    {
        try
        {
            _readingThread = Environment.CurrentManagedThreadId;
            while (true)
            {
                _requests.Flush();
                bool loopIsOurs = ReadFrames(inline: true);
                _requests.Flush();
                if (!loopIsOurs)
                {
                    return;
                }

                if (!MayPark())
                {
                    ReceiveWithoutEnd();
                }
                else
                {
                    _threadWanted.Wait();
                    _readingThread = Environment.CurrentManagedThreadId;
                }

                if (Volatile.Read(ref _closed))
                {
                    return;
                }
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>After a synchronous call the thread steps aside, so that the next caller that is alone can read for itself.</summary>
    private bool MayPark()
    {
        lock (_gate)
        {
            if (_calls.OpenCount > 0 || !_lastWasSynchronous || _closed || _transport.IsTls)
            {
                return false;
            }

            _readBy = Reader.Nobody;
            _readingThread = 0;
            _threadParked = true;
            return true;
        }
    }

    private void ReceiveWithoutEnd()
    {
        try
        {
            Receive();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            // The time-out was set for a caller that read before; those of the calls that are open now are watched by the clock.
            _transport.ReceiveTimeout = 0;
        }
    }

    private void Receive()
    {
        int count = _transport.Receive(_reader.GetFreeSpace().Span);
        if (count == 0)
        {
            throw new IOException(_hasAnswered
                ? "The server closed the connection."
                : "The server closed the connection and had not answered anything on it. Is a Gaw server listening there, and does it want TLS?");
        }

        _reader.Received(count);
    }

    /// <summary>Takes every complete frame and ends the calls they answer.</summary>
    /// <returns><see langword="false"/>: a continuation took so long that another thread has the loop.</returns>
    private bool ReadFrames(bool inline)
    {
        while (true)
        {
            FrameStatus status = _reader.TryTake(out Memory<byte> payload);
            if (status == FrameStatus.Incomplete)
            {
                if (_reader.HasOnlyLengthLine)
                {
                    _transport.AcknowledgeNow();
                }

                return true;
            }

            if (status != FrameStatus.Complete)
            {
                throw new GawProtocolException(status == FrameStatus.TooLarge
                    ? $"An answer from {_endPoint} is above the limit of {_options.MaxFrameBytes} bytes. Raise MaxFrameBytes, or ask for less."
                    : $"What came from {_endPoint} is not a frame: its length line does not hold 1 to 20 digits. Is a Gaw server listening there, and does it want TLS?");
            }

            if (!_protector.TryOpen(payload, out Memory<byte> document))
            {
                throw new GawAuthenticationException($"The signature of an answer from {_endPoint} is wrong.");
            }

            OutboundCall? call = AnswerReader.Read(document.Span, _answerId, this, out Exception? error);
            if (call is null)
            {
                continue;
            }

            if (error is GawProtocolException)
            {
                // The connection first: what goes on after the call must not find it usable.
                Fail(error);
                call.Complete(error, inline: false);
                throw error;
            }

            _lastWasSynchronous = call.IsSynchronous;
            if (!inline || call.IsSynchronous)
            {
                call.Complete(error, inline: false);
            }
            else if (!CompleteInline(call, error))
            {
                return false;
            }
        }
    }

    private bool CompleteInline(OutboundCall call, Exception? error)
    {
        long token = _inline.Enter();
        _currentRun = (_inline, token);
        call.Complete(error, inline: true);
        _currentRun = default;
        return _inline.TryLeave(token);
    }

    /// <summary>Takes the call that an answer belongs to out of the table.</summary>
    /// <param name="id">The id in the answer; empty for an answer without one, which belongs to the oldest open call.</param>
    /// <returns><see langword="null"/>: nobody waits for it any more.</returns>
    /// <exception cref="GawProtocolException">No such call was made.</exception>
    public OutboundCall? TakeCall(ReadOnlySpan<byte> id)
    {
        _hasAnswered = true;
        OutboundCall? call;
        lock (_gate)
        {
            if (!_calls.TryTake(id, hasIds: _answerId is not null, out call))
            {
                throw new GawProtocolException($"An answer from {_endPoint} belongs to no open call of this client; the connection cannot be trusted any more.");
            }
        }

        if (!_isParallel && _calls.Count == 0)
        {
            _pool.RoomMade(this, forAll: false);
        }

        return call;
    }

    /// <summary>The server has said that it answers each call as soon as it is done.</summary>
    public void TakeForParallel()
    {
        if (!_isParallel)
        {
            _isParallel = true;
            _pool.RoomMade(this, forAll: true);
        }
    }

    /// <summary>The server has said that it stops: no further call is sent here. It answers those that it has begun, then the connection is closed.</summary>
    public void Retire()
    {
        IsRetiredByServer = true;
        _retired = true;
    }

    /// <summary>
    /// After a call was abandoned: a server that answers out of order is told to stop it. With another, the connection would be blocked until
    /// the answer comes that nobody wants, so it is closed.
    /// </summary>
    private void TellAbandoned(OutboundCall call)
    {
        if (_calls.OpenCount == 0 && (!_isParallel || _retired))
        {
            Fail(new IOException($"{call.Path} was given up."));
            return;
        }

        if (!_isParallel || (_retired && !IsRetiredByServer))
        {
            return;
        }

        JsonWriter writer = MessageWriter.Rent(_options.MaxFrameBytes);
        if (!call.TryWriteCancellation(writer, out int key))
        {
            MessageWriter.Return(writer);
            return;
        }

        lock (_gate)
        {
            _calls.Abandon(key);
        }

        _requests.Post(writer);
        _requests.FlushElsewhere();
    }

    private void OnTick()
    {
        List<OutboundCall> expired;
        bool finished;
        lock (_gate)
        {
            _idleTicks = _usedSinceTick || _calls.OpenCount > 0 ? 0 : _idleTicks + 1;
            _usedSinceTick = false;
            expired = _calls.TakeExpired();

            // Whoever is behind it may be gone without a word: no further call is sent here, those that are open may still end.
            _retired |= expired.Count > 0;
            finished = _calls.AbandonedCount > MaxAbandoned
                || (_retired && _calls.OpenCount == 0)
                || (_options.ConnectionLifetime != Timeout.InfiniteTimeSpan && _idleTicks * CallTable.Tick >= _options.ConnectionLifetime);

            // Decided here, so that no call comes in between.
            _retired |= finished;
        }

        foreach (OutboundCall call in expired)
        {
            call.Complete(TimedOut(call), inline: false);
            TellAbandoned(call);
        }

        if (finished)
        {
            Fail(new IOException("The connection was idle for ConnectionLifetime, or calls on it got no answer."));
        }
    }

    private TimeoutException TimedOut(OutboundCall call) =>
        new($"{call.Path} on {_endPoint} gave no answer within {call.Timeout} (CallTimeout, or the call's own Timeout). It may still be running there.");

    private void OnSendFailed(Exception e)
    {
        if (Transport.IsPeerGone(e))
        {
            // Answers may have come before the peer went: whoever reads takes them, meets the end behind them and fails what is left.
            _retired = true;
        }
        else
        {
            Fail(e);
        }
    }

    /// <summary>Ends the connection. Each open call fails with what is known of it.</summary>
    private void Fail(Exception cause)
    {
        OutboundCall[] calls;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            calls = _calls.TakeAll();
        }

        _pool.Remove(this);
        _logger.ClientEnded(_endPoint, cause);
        _clock.Dispose();
        _requests.Dispose();
        _transport.Shutdown();
        _transport.Dispose();
        _threadWanted.Release();
        ReadOnlySpan<byte> begun = cause is GawProtocolException ? default : AnswerReader.GetBegunId(_reader.PeekPartialPayload(), _answerId);
        bool somethingBegun = _reader.BufferedBytes > 0;
        foreach (OutboundCall call in calls)
        {
            bool ran = call.HasId(begun) || (somethingBegun && calls.Length == 1);
            CallExecution execution = call.Position.End > _requests.AttemptedBytes ? CallExecution.NotRun : ran ? CallExecution.Ran : CallExecution.Unknown;
            call.Complete(cause is GawProtocolException ? cause : Lost(call, execution, cause), inline: false);
        }
    }

    private GawConnectionException Lost(OutboundCall call, CallExecution execution, Exception cause)
    {
        string known = execution switch
        {
            CallExecution.NotRun => "it was not sent whole, so it has not run",
            CallExecution.Ran => "its answer had begun, so it has run",
            _ => "it was sent, so it may have run",
        };
        return new GawConnectionException($"The connection to {_endPoint} was lost during {call.Path}: {known}. {cause.Message}", _endPoint, execution, cause);
    }

    /// <summary>Under the gate, after a caller has stopped reading: somebody else has to where calls are open.</summary>
    private void HandReadingOver()
    {
        if (_readBy != Reader.Nobody || _calls.OpenCount == 0 || _closed)
        {
            return;
        }

        if (_calls.Only is { IsSynchronous: true } last)
        {
            last.OfferReading();
            return;
        }

        _readBy = Reader.Thread;
        WakeThread();
    }

    /// <summary>Under the gate, with <see cref="_readBy"/> set: the reading thread begins or goes on.</summary>
    private void WakeThread()
    {
        if (_threadParked)
        {
            _threadParked = false;
            _threadWanted.Release();
        }
        else
        {
            StartThread();
        }
    }

    private void StartThread()
    {
        _readingThread = 0;
        new Thread(static self => ((ClientConnection)self!).ReadOnThread()) { IsBackground = true, Name = "gaw client reader" }.UnsafeStart(this);
    }
}
