using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Client.Sending;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>Reads the replies of a connection, on the thread that <see cref="ReaderRole"/> says: a waiting caller's, or one of its own.</summary>
internal sealed class ConnectionReader : IDisposable
{
    private readonly ConnectionContext _context;
    private readonly ReplyStream _stream;
    private readonly ReplyDispatcher _dispatcher;
    private readonly Action<Exception> _fail;
    private readonly Action<PendingCall, Exception> _abandon;
    private readonly ReaderRole _role = new();
    private readonly WokenCallers _woken = new();
    private readonly ReadingThread _thread;

    /// <param name="context">The connection.</param>
    /// <param name="stream">Its replies.</param>
    /// <param name="requests">Its requests, which the reading thread sends on.</param>
    /// <param name="matcher">Finds the calls.</param>
    /// <param name="released">Is told that further calls have room.</param>
    /// <param name="fail">Ends the connection.</param>
    /// <param name="abandon">Ends a call without its reply.</param>
    public ConnectionReader(ConnectionContext context, ReplyStream stream, RequestQueue requests, ReplyMatcher matcher, Action<bool> released, Action<Exception> fail, Action<PendingCall, Exception> abandon)
    {
        _context = context;
        _stream = stream;
        _fail = fail;
        _abandon = abandon;
        _dispatcher = new ReplyDispatcher(context, stream, matcher, _woken, () => _thread!.SendHeldBack(), new LoopLease(() => _thread!.Start()), new LoopLease(TakeOverRead), released, fail, abandon);
        _thread = new ReadingThread(context, stream, requests, _dispatcher, _woken, _role, fail);
    }

    /// <summary>The current thread reads in batches: the frames of its continuations leave together when the batch is through.</summary>
    public bool IsOnReadingThread => _thread.IsCurrent;

    /// <inheritdoc cref="ReplyDispatcher.IsReadingResult"/>
    public bool IsReadingResult => _dispatcher.IsReadingResult;

    /// <summary>A request was queued. <see langword="true"/>: another thread sends it.</summary>
    public bool TryLeaveToOthers(PendingCall call) => IsOnReadingThread || (call.IsSynchronous && _woken.TryLeaveToOthers());

    /// <summary>Under the gate: a call was entered.</summary>
    public void OnSend(PendingCall call) => Act(_role.OnSend(call.IsSynchronous));

    /// <summary>Under the gate, with no call open: the peer has said something before it was asked anything.</summary>
    /// <returns><see langword="false"/>: it has not, or somebody reads already.</returns>
    /// <exception cref="GawException">What it said.</exception>
    public bool TryReadUnasked()
    {
        if (_context.State.HasReplied || !_role.IsFree || _stream.IsTls || _stream.Available == 0)
        {
            return false;
        }

        _stream.Receive();
        _dispatcher.DispatchReceived(inline: false);
        return true;
    }

    /// <summary>Blocks until the call is done, and reads the replies meanwhile where nobody else does.</summary>
    /// <param name="call">A synchronous call that was sent here.</param>
    /// <param name="mayRead">This thread may block in a receive: nothing but the reply and the time-out has to end its waiting.</param>
    public void Wait(PendingCall call, bool mayRead)
    {
        using BlockingWait wait = BlockingWait.Enter();

        // Inside TLS a thread always reads: that the peer has closed cannot be seen from outside.
        mayRead &= !_stream.IsTls;
        while (true)
        {
            ReaderAction action;
            lock (_context.Gate)
            {
                if (call.IsDone)
                {
                    Act(_role.OnCallerLeft(_context.Calls.Waiting, _context.State.IsClosed));
                    return;
                }

                action = _role.OnWait(mayRead);
                Act(action);
            }

            if (action == ReaderAction.Read)
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

    /// <summary>The connection has ended: a parked thread goes home.</summary>
    public void Dispose() => _thread.Wake();

    /// <summary>For the caller that reads: takes replies off the connection until its own is there.</summary>
    private void ReadFor(PendingCall call)
    {
        bool isOurs = true;
        try
        {
            // The rest of the call's time, by the clock of the sockets, which no test turns.
            TimeProvider time = _context.Options.TimeProvider;
            Deadline deadline = new(call.GetRest(time, time.GetTimestamp()));
            while ((isOurs = _dispatcher.DispatchReceived(inline: false)) && !call.IsDone)
            {
                if (!_stream.TryReceive(deadline))
                {
                    _context.State.Retire();
                    call.MetSilence = call.ReceivesBefore == _stream.Receives;
                    _abandon(call, CallLoss.TimedOut(call, _context.EndPoint));
                    break;
                }
            }
        }
        catch (Exception e)
        {
            _fail(e);
        }

        if (!isOurs)
        {
            return;
        }

        lock (_context.Gate)
        {
            Act(_role.OnReaderLeft(_context.Calls.Waiting, _context.State.IsClosed));
        }
    }

    /// <summary>Under the gate: does for another thread what was decided. To read is for the caller to do.</summary>
    private void Act(ReaderAction action)
    {
        switch (action)
        {
            case ReaderAction.Start:
                _thread.Start();
                break;
            case ReaderAction.Wake:
                _thread.Wake();
                break;
            case ReaderAction.Offer:
                _context.Calls.Only!.OfferReading();
                break;
            default:
                break;
        }
    }

    /// <summary>The code of a result's type keeps the thread that reads, which is inside the buffer.</summary>
    private void TakeOverRead()
    {
        _stream.LeaveBuffer();
        _dispatcher.OnReadTakenOver();
        lock (_context.Gate)
        {
            Act(_role.OnReaderKept());
        }
    }
}
