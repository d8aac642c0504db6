using Gaw.Json;
using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Client.Reading;
using Gaw.PostOffice.Client.Sending;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Client;

/// <summary>One connection of a client: sends calls and ends them. <see cref="ConnectionReader"/> reads the replies, <see cref="ConnectionClock"/> watches the time.</summary>
internal sealed class ClientConnection : CallRoute, IDisposable
{
    /// <summary>How long a synchronous caller waits for the system to take a large request before another thread goes on sending it: the caller has to hear its token.</summary>
    private const int SendPatienceMilliseconds = 10;

    private readonly ConnectionContext _context;
    private readonly Transport _transport;
    private readonly RequestQueue _requests;
    private readonly ReplyStream _stream;
    private readonly ReplyMatcher _matcher;
    private readonly ConnectionReader _reader;
    private readonly ConnectionClock _clock;
    private readonly IdleCheck _idle;
    private readonly CancellationSender _cancellations;
    private readonly Action<ClientConnection> _ended;

    /// <param name="transport">The open socket.</param>
    /// <param name="context">What the connection is for.</param>
    /// <param name="released">Is told that one caller, or all, find room here.</param>
    /// <param name="ended">Is told of the end, before the calls are.</param>
    public ClientConnection(Transport transport, ConnectionContext context, Action<ClientConnection, bool> released, Action<ClientConnection> ended)
    {
        _context = context;
        _transport = transport;
        _ended = ended;
        _requests = new RequestQueue(transport, context.Protector, OnSendFailed);
        _cancellations = new CancellationSender(context, _requests);
        _stream = new ReplyStream(transport, context);
        Action<bool> release = forAll => released(this, forAll);
        _matcher = new ReplyMatcher(context, _requests, release);
        _reader = new ConnectionReader(context, _stream, _requests, _matcher, release, Fail, Abandon);
        _clock = new ConnectionClock(context, _stream, _matcher, Fail, call => TellAbandoned(call, isOver: true));
        _idle = new IdleCheck(context, _stream, _reader, _clock);
        context.Logger.ConnectedTo(context.EndPoint);
        context.CountConnections(1);
    }

    /// <summary>Calls that are open, and replies that may still come for those that nobody waits for any more.</summary>
    public int OpenCalls => _context.Calls.Count;

    /// <summary>What it has learned of its server, and whether it takes further calls.</summary>
    public ConnectionState State => _context.State;

    /// <summary>A further call would not wait behind another.</summary>
    public bool HasRoom => State.HasRoom(_context.Calls.Count);

    /// <inheritdoc/>
    public override bool IsSequential => State.Mode == ServerMode.Sequential;

    /// <inheritdoc/>
    public override bool IsFull => _requests.IsFull;

    /// <inheritdoc/>
    public override object? Server
    {
        get => base.Server;
        set
        {
            base.Server = value;
            _context.Record.Server = value;
        }
    }

    /// <summary>The peer has not closed while nobody was reading, nor was it left alone for too long: a call sent there would be lost, and nobody could say whether it ran.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    /// <exception cref="GawException">The peer has spoken before it was asked anything: it is no Gaw server, or one that says why it takes no calls.</exception>
    public bool IsUsable(long now)
    {
        Exception? ended;
        lock (_context.Gate)
        {
            bool isUsable = _idle.IsUsable(now, out ended);
            if (ended is null)
            {
                return isUsable;
            }
        }

        Fail(ended);
        return ended is GawException ? throw ended : false;
    }

    /// <inheritdoc/>
    public override bool TrySend(PendingCall call, JsonWriter message) => TrySend(call, message, behindOthers: false);

    /// <inheritdoc cref="CallRoute.TrySend"/>
    /// <param name="call">The call.</param>
    /// <param name="message">Its document.</param>
    /// <param name="behindOthers">Also where it may have to wait for the replies to others.</param>
    public bool TrySend(PendingCall call, JsonWriter message, bool behindOthers)
    {
        if (call.IsSynchronous && _reader.IsReadingResult)
        {
            throw new InvalidOperationException($"{call.Path} was called by a constructor or setter of a result's type, while that result is read: the reply would wait behind it for ever. Make the call once the result is there.");
        }

        call.Position.Reset(message.Length);
        call.SentOn = this;
        lock (_context.Gate)
        {
            if (!State.TakesCalls || !(HasRoom || behindOthers) || !_context.Calls.TryAdd(call))
            {
                return false;
            }

            call.ReceivesBefore = _stream.Receives;
            _clock.OnSend(call.SentAt);
            _reader.OnSend(call);
        }

        _requests.Post(message, call.Position);
        if (!_reader.TryLeaveToOthers(call))
        {
            // A synchronous caller may wait, but it has to hear its token and its time-out meanwhile, and perhaps to read. An asynchronous one does not expect to be blocked.
            _requests.FlushWithin(_context.Calls.InFlightBytes, patience: call.IsSynchronous ? SendPatienceMilliseconds : 0);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Wait(PendingCall call, bool mayRead) => _reader.Wait(call, mayRead);

    /// <inheritdoc/>
    public override void Abandon(PendingCall call, Exception reason)
    {
        lock (_context.Gate)
        {
            if (!_context.Calls.Abandon(call))
            {
                return;
            }
        }

        if (call.MetSilence)
        {
            State.Retire();
        }

        call.Complete(reason, inline: false);
        TellAbandoned(call, isOver: reason is TimeoutException && call.Timeout != Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override Task WhenRoomAsync() => _requests.WhenRoomAsync();

    /// <inheritdoc/>
    public override void Tell(PendingCall call, JsonWriter message)
    {
        _requests.Post(message);
        if (!_reader.IsOnReadingThread)
        {
            _requests.FlushWithoutBlocking(patience: 0);
        }
    }

    /// <summary>Its first questions are answered: callers may have it.</summary>
    public void TakeIntoUse()
    {
        lock (_context.Gate)
        {
            _clock.TakeIntoUse();
        }
    }

    /// <summary>No further call is sent here. Those that are open end as they do, and the connection after them.</summary>
    public void Leave()
    {
        bool isUnused;
        lock (_context.Gate)
        {
            State.Leave();
            isUnused = _context.Calls.Count == 0;
        }

        if (isUnused)
        {
            Fail(new IOException("The server is none of its name's any more."));
        }
    }

    /// <summary>Closes the connection; open calls fail.</summary>
    public void Dispose() => Fail(new ObjectDisposedException(null, "The client was disposed."));

    /// <inheritdoc/>
    public override void ContinuationFailed(Exception e) => _context.Logger.ContinuationFailed(_context.EndPoint, e);

    private void TellAbandoned(PendingCall call, bool isOver)
    {
        if (!_cancellations.TryTell(call, isOver))
        {
            Fail(new IOException($"{call.Path} was given up."));
        }
    }

    private void OnSendFailed(Exception e)
    {
        if (Transport.IsPeerGone(e))
        {
            // Replies may have come before the peer went: the thread that reads takes them, meets the end behind them and fails what is left.
            State.Retire();
        }
        else
        {
            Fail(e);
        }
    }

    /// <summary>Ends the connection. Each open call fails with what is known of it.</summary>
    private void Fail(Exception cause)
    {
        PendingCall[] calls;
        bool isOnly;
        lock (_context.Gate)
        {
            if (State.IsClosed)
            {
                return;
            }

            State.Close();
            isOnly = _context.Calls.Count == 1;
            calls = _context.Calls.TakeAll();
        }

        bool mayHaveBegun = cause is not GawProtocolException;
        LostCalls lost = new(_context, cause, isOnly, onlyHasBegun: mayHaveBegun && isOnly && _stream.HasBegunReply, mayHaveBegun ? _stream.GetBegunId() : []);
        _ended(this);
        _context.CountConnections(-1);
        _context.Logger.ClientEnded(_context.EndPoint, cause);
        _clock.Dispose();

        // Requests that are not posted by now are not sent any more.
        _requests.Dispose();
        _transport.Shutdown();
        _transport.Dispose();
        _reader.Dispose();
        lost.End(calls, _requests.AttemptedBytes, _matcher.UnreadFrom);
    }
}
