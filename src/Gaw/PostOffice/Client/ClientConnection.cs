using System.Net;
using Gaw.Json;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Logging;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Scheduling;
using Gaw.PostOffice.Sockets;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Client;

/// <summary>
/// One connection of a client, which carries many calls at once. Somebody has to read the answers: a caller that is alone does it on its own
/// thread, which spares two thread switches; as soon as there are several, or one that awaits, a thread of the connection does it in batches
/// and runs continuations in line (<see cref="LoopLease"/>).
/// </summary>
internal sealed partial class ClientConnection : IDisposable
{
    /// <summary>Answers that may still come for calls nobody waits for any more; beyond this no further call is sent here.</summary>
    private const int MaxAbandoned = 10_000;

    /// <summary>As much of unanswered requests surely fits into the system's buffers, so that sending it does not block.</summary>
    private const int UnblockedBytes = 32 * 1024;

    /// <summary>How long a synchronous caller waits for the system to take a large request before another thread goes on sending it: the caller has to hear its token.</summary>
    private const int SendPatienceMilliseconds = 10;

    /// <summary>How often the clock looks at a connection on which nothing is open.</summary>
    private static readonly TimeSpan IdleTick = TimeSpan.FromSeconds(1);

    private readonly ConnectionPool _pool;
    private readonly Transport _transport;
    private readonly EndPoint _endPoint;
    private readonly IFrameProtector _protector;
    private readonly ReplyIdReader? _answerId;
    private readonly PostOfficeClientOptions _options;
    private readonly ILogger _logger;
    private readonly FrameReader _reader;
    private readonly RequestQueue _requests;
    private readonly LoopLease _inline;
    private readonly ITimer _clock;
    private readonly Lock _gate = new();
    private readonly PendingCalls _calls = new();
    private readonly SemaphoreSlim _threadWanted = new(0);
    private readonly TimeSpan _maxAge;
    private bool _isSlowClock;
    private long _opened;
    private long _lastUsed;
    private SuspendedTime _suspended;

    public ClientConnection(ConnectionPool pool, Transport transport, EndPoint endPoint, IFrameProtector protector, ReplyIdReader? answerId, PostOfficeClientOptions options, ILogger logger)
    {
        _pool = pool;
        State = new ConnectionState(answerId is null ? ServerMode.Multiplexed : ServerMode.Unknown);
        _transport = transport;
        _endPoint = endPoint;
        _protector = protector;
        _answerId = answerId;
        _options = options;
        _logger = logger;
        _reader = new FrameReader(options.MaxFrameBytes);
        _requests = new RequestQueue(transport, protector, OnSendFailed);
        _inline = new LoopLease(StartThread);
        _opened = _lastUsed = options.TimeProvider.GetTimestamp();
        _suspended = new SuspendedTime(options.TimeProvider);

        // Connections that were opened together are not renewed together.
        _maxAge = options.ConnectionMaxAge == Timeout.InfiniteTimeSpan ? options.ConnectionMaxAge : options.ConnectionMaxAge * (1 - (0.1 * Random.Shared.NextDouble()));
        _clock = Background.CreateTimer(options.TimeProvider, static self => ((ClientConnection)self!).OnTick(), this, PendingCalls.Tick);
        logger.ConnectedTo(endPoint);
        Instruments.ClientConnectionsChanged(1);
    }

    /// <summary>Calls that are open, and answers that may still come for those that nobody waits for any more.</summary>
    public int OpenCalls => _calls.Count;

    public EndPoint EndPoint => _endPoint;

    /// <summary>Whether nothing is signed here, since the client has no secret.</summary>
    public bool IsPlain => _protector is PlainFrameProtector;

    /// <summary>What it has learned of its server, and whether it takes further calls.</summary>
    public ConnectionState State { get; }

    /// <summary>A further call would not wait behind another.</summary>
    public bool HasRoom => State.HasRoom(_calls.Count);

    /// <summary>What the layer above has learned of the server on this connection, and wants to know again.</summary>
    public object? Server
    {
        get => Volatile.Read(ref field);
        set
        {
            Volatile.Write(ref field, value);
            _pool.Record.Server = value;
        }
    }

    /// <summary>What is left of the time for connecting when the connection has been opened.</summary>
    public TimeSpan IntroductionTime { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>The server answers one call after the other, as the original does.</summary>
    public bool IsSequential => State.Mode == ServerMode.Sequential;

    /// <summary>
    /// Looks whether the peer has closed while nobody was reading, or has been left alone for too long: a call sent into such a connection would be
    /// lost, and nobody could say whether it ran.
    /// </summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    /// <exception cref="GawException">The peer has spoken before it was asked anything: it is no Gaw server, or one that says why it takes no calls.</exception>
    public bool IsUsable(long now)
    {
        Exception? said = null;
        lock (_gate)
        {
            if (!State.TakesCalls || _calls.Count > 0)
            {
                return State.TakesCalls;
            }

            if (IsOver(_options.ConnectionLifetime, _lastUsed, now) || IsOver(_options.ConnectionLifetime, Earlier(_lastUsed, _suspended.Peek(now)), now))
            {
                // The process may have been stopped, and its clock with it, or the machine have slept: what lies between has forgotten the connection, perhaps.
                said = new IOException("The connection was idle for ConnectionLifetime.");
            }
            else if (_transport.IsTls || !_transport.IsReadable())
            {
                // While a call is open, or an answer may come that nobody waits for any more, bytes to be read say nothing.
                return true;
            }
            else if (!State.HasAnswered && _readBy == Reader.Nobody && _transport.Available > 0)
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

        Fail(said ?? new IOException("The server closed the connection while it was idle."));
        return said is GawException ? throw said : false;
    }

    /// <summary>Sends a call. Afterwards a synchronous one is waited for with <see cref="Wait"/>; another continues by itself.</summary>
    /// <param name="call">The call.</param>
    /// <param name="message">Its document.</param>
    /// <param name="behindOthers">Also where it may have to wait for the answers to others.</param>
    /// <returns><see langword="false"/>: the connection is closed or has no room, nothing was sent, the writer is still the caller's.</returns>
    public bool TrySend(PendingCall call, JsonWriter message, bool behindOthers = false)
    {
        call.Position.Reset(message.Length);
        call.SentOn = this;
        lock (_gate)
        {
            if (!State.TakesCalls || !(HasRoom || behindOthers) || !_calls.TryAdd(call))
            {
                return false;
            }

            call.ReceivesBefore = _receives;
            _lastUsed = Math.Max(_lastUsed, call.SentAt);
            if (_isSlowClock)
            {
                _isSlowClock = false;
                _clock.Change(PendingCalls.Tick, PendingCalls.Tick);
            }

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

        if (_calls.UnansweredBytes <= UnblockedBytes)
        {
            _requests.Flush();
        }
        else if (call.IsSynchronous)
        {
            // It may wait, but it has to hear its token and its time-out meanwhile, and perhaps to read.
            _requests.FlushWithoutBlocking(SendPatienceMilliseconds);
        }
        else
        {
            // An asynchronous caller does not expect to be blocked.
            _requests.FlushWithoutBlocking(patience: 0);
        }

        return true;
    }

    /// <summary>Ends a call whose caller does not want to wait any longer. Its answer, should it come, is dropped; the other calls go on.</summary>
    public void Abandon(PendingCall call, Exception reason)
    {
        lock (_gate)
        {
            if (!_calls.Abandon(call))
            {
                return;
            }
        }

        call.Complete(reason, inline: false);
        TellAbandoned(call, isOver: reason is TimeoutException);
    }

    /// <summary>Closes the connection; open calls fail.</summary>
    public void Dispose() => Fail(new ObjectDisposedException(null, "The client was disposed."));

    /// <summary>The server has said that it answers each call as soon as it is done.</summary>
    public void TakeForMultiplexed()
    {
        if (State.TryBecomeMultiplexed())
        {
            _pool.ReleaseWaiters(this, forAll: true);
        }
    }

    /// <summary>The server has said that it stops: no further call is sent here. It answers those that it has begun, then the connection is closed.</summary>
    public void Retire() => State.Leave();

    /// <summary>A continuation in line, or the <see cref="SynchronizationContext"/> that it is posted to, has thrown.</summary>
    public void ContinuationFailed(Exception e) => _logger.ContinuationFailed(_endPoint, e);

    /// <summary>
    /// After a call was abandoned: a server that answers out of order is told to stop it. With another, the connection would be blocked until
    /// the answer comes that nobody wants, so it is closed.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="isOver">Its time is over, which the server knows by its own clock, if it is there at all.</param>
    private void TellAbandoned(PendingCall call, bool isOver)
    {
        if (_calls.OpenCount == 0 && (State.Mode != ServerMode.Multiplexed || State.IsRetired))
        {
            Fail(new IOException($"{call.Path} was given up."));
            return;
        }

        if (State.Mode != ServerMode.Multiplexed || isOver)
        {
            return;
        }

        JsonWriter writer = MessageWriter.Rent(_options.MaxFrameBytes);
        if (!call.TryWriteCancellation(writer, out int key))
        {
            MessageWriter.Return(writer);
            return;
        }

        // As any other request: where many are given up at once, their cancellations are more than the system takes without blocking.
        FramePosition position = new();
        position.Reset(writer.Length);
        lock (_gate)
        {
            _calls.AddAbandoned(key, position);
        }

        _requests.Post(writer, position);
        _requests.FlushElsewhere();
    }

    private bool IsOver(TimeSpan limit, long since, long now) => limit != Timeout.InfiniteTimeSpan && _options.TimeProvider.GetElapsedTime(since, now) >= limit;

    private long Earlier(long stamp, TimeSpan by) => stamp - (long)(by.TotalSeconds * _options.TimeProvider.TimestampFrequency);

    private void OnTick()
    {
        try
        {
            Look(_options.TimeProvider.GetTimestamp());
        }
        catch (Exception e)
        {
            // On a thread of the clock nobody else would take it.
            Fail(e);
        }
    }

    private void Look(long now)
    {
        List<PendingCall> expired;
        bool finished;
        bool isIdle;
        bool isOutOfStep;
        lock (_gate)
        {
            if (_suspended.Take(now) is var slept && slept > TimeSpan.Zero)
            {
                _lastUsed = Earlier(_lastUsed, slept);
                _opened = Earlier(_opened, slept);
            }

            _lastUsed = _calls.OpenCount > 0 ? Math.Max(_lastUsed, now) : _lastUsed;
            expired = _calls.TakeExpired(_options.TimeProvider, now);
            expired.ForEach(call => call.MetSilence = call.ReceivesBefore == _receives);

            if (IsOver(_maxAge, _opened, now))
            {
                State.Leave();
            }

            isIdle = IsOver(_options.ConnectionLifetime, _lastUsed, now) && _calls.OpenCount == 0;

            // Whoever lets a call's time pass may be gone without a word: no further call is sent here, those that are open may still end.
            if (isIdle || expired.Count > 0 || _calls.AbandonedCount > MaxAbandoned)
            {
                State.Retire();
            }

            isOutOfStep = State.Mode != ServerMode.Multiplexed && _outOfStepSince is { } since && IsOver(OutOfStepTime, since, now);

            // Decided here, so that no call comes in between.
            finished = State.IsRetired && _calls.OpenCount == 0;
            if (!finished && !_isSlowClock && _calls.OpenCount == 0 && _options.TimeProvider.GetElapsedTime(_lastUsed, now) >= IdleTick)
            {
                _isSlowClock = true;
                _clock.Change(GetIdlePause(now), IdleTick);
            }
        }

        foreach (PendingCall call in expired)
        {
            call.Complete(TimedOut(call), inline: false);
            TellAbandoned(call, isOver: true);
        }

        if (isOutOfStep)
        {
            Fail(new GawProtocolException(AnsweredTwice));
        }
        else if (finished)
        {
            Fail(new IOException(isIdle ? "The connection was idle for ConnectionLifetime." : State.IsLeaving ? "The connection was left, since the server stops or it was open for ConnectionMaxAge." : "Calls on the connection got no answer."));
        }
    }

    /// <summary>Until something may have to be done about a connection on which nothing happens.</summary>
    private TimeSpan GetIdlePause(long now)
    {
        TimeSpan left = _options.ConnectionLifetime - _options.TimeProvider.GetElapsedTime(_lastUsed, now);
        return _options.ConnectionLifetime == Timeout.InfiniteTimeSpan || left > IdleTick ? IdleTick : left > PendingCalls.Tick ? left : PendingCalls.Tick;
    }

    private TimeoutException TimedOut(PendingCall call) =>
        new($"{call.Path} on {_endPoint} gave no answer within {DurationText.Of(call.Timeout)} (CallTimeout, or the call's own Timeout). It may still be running there.");
}
