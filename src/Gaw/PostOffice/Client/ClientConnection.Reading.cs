using System.Net.Sockets;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Scheduling;

namespace Gaw.PostOffice.Client;

/// <content>Who reads the answers, and how.</content>
internal sealed partial class ClientConnection
{
    /// <summary>A receive may wait so much longer than its call: setting it anew each time would cost a call of the system.</summary>
    private static readonly TimeSpan ReceiveSlack = TimeSpan.FromMilliseconds(50);

    /// <summary>A continuation that took so long is no quick one. The clock goes in steps of 4 ms on some systems.</summary>
    private const int SlowContinuationMilliseconds = 5;

    private Reader _readBy;
    private bool _threadParked;
    private int _readingThread;
    private bool _lastWasSynchronous;

    /// <summary>How often something was received; whoever reads writes it.</summary>
    private volatile int _receives;

    /// <summary>The thread that takes frames out of the reader at this moment.</summary>
    private volatile int _framesTakenBy;

    /// <summary>A receive waits, and the beginning of an answer lies in front of it.</summary>
    private volatile bool _waitsWithBegunAnswer;

    private enum Reader
    {
        Nobody,
        Caller,
        Thread,
    }

    private bool IsReader => _framesTakenBy == Environment.CurrentManagedThreadId;

    /// <summary>Blocks until the call is done, and reads the answers meanwhile where nobody else does.</summary>
    /// <param name="call">A synchronous call that was sent here.</param>
    /// <param name="mayRead">This thread may block in a receive: nothing but the answer and the time-out has to end its waiting.</param>
    public void Wait(PendingCall call, bool mayRead)
    {
        using BlockingWait wait = BlockingWait.Enter();

        // Inside TLS a thread always reads: that the peer has closed cannot be seen from outside.
        mayRead &= !_transport.IsTls;
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

    /// <summary>For the caller that reads: takes answers off the connection until its own is there.</summary>
    private void ReadFor(PendingCall call)
    {
        try
        {
            // The rest of the call's time, by the clock of the sockets, which no test turns.
            Deadline deadline = new(call.GetRest(_options.TimeProvider, _options.TimeProvider.GetTimestamp()));
            while (ReadFrames(inline: false) && !call.IsDone)
            {
                if (!TryReceive(deadline))
                {
                    State.Retire();
                    call.MetSilence = call.ReceivesBefore == _receives;
                    Abandon(call, TimedOut(call));
                    break;
                }
            }
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

    /// <summary><see langword="false"/>: the time is over.</summary>
    private bool TryReceive(Deadline deadline)
    {
        while (true)
        {
            int rest = deadline.SocketMilliseconds;
            if (_transport.ReceiveTimeout != rest && (rest == 0 || _transport.ReceiveTimeout == 0 || _transport.ReceiveTimeout > rest + ReceiveSlack.TotalMilliseconds))
            {
                _transport.ReceiveTimeout = rest;
            }

            try
            {
                Receive();
                return true;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                if (deadline.IsOver)
                {
                    return false;
                }

                // It was set for a call that had less time.
                _transport.ReceiveTimeout = deadline.SocketMilliseconds;
            }
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
                FlushAsReader();
                bool loopIsOurs = ReadFrames(inline: true);
                FlushAsReader();
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

                if (State.IsClosed)
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

    /// <summary>A thread that reads never blocks in a write: the server may not read until its answers are taken.</summary>
    private void FlushAsReader()
    {
        if (_calls.UnansweredBytes <= UnblockedBytes)
        {
            _requests.Flush();
        }
        else
        {
            _requests.FlushWithoutBlocking(patience: 0);
        }
    }

    /// <summary>After a synchronous call the thread steps aside, so that the next caller that is alone can read for itself.</summary>
    private bool MayPark()
    {
        lock (_gate)
        {
            if (_calls.OpenCount > 0 || !_lastWasSynchronous || State.IsClosed || _transport.IsTls)
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
        Span<byte> free = _reader.GetFreeSpace().Span;
        _waitsWithBegunAnswer = _reader.BufferedBytes > 0;
        _framesTakenBy = 0;
        int count = _transport.Receive(free);
        _framesTakenBy = Environment.CurrentManagedThreadId;
        if (count == 0)
        {
            throw new IOException(State.HasAnswered || _pool.Record.IsKnown
                ? "The server closed the connection."
                : "The server closed the connection and had not answered anything on it. Is a Gaw server listening there, and does it want TLS?");
        }

        _waitsWithBegunAnswer = false;
        _reader.Received(count);
        _receives++;
    }

    /// <summary>Takes every complete frame and ends the calls they answer.</summary>
    /// <returns><see langword="false"/>: a continuation took so long that another thread has the loop.</returns>
    private bool ReadFrames(bool inline)
    {
        ExecutionContext? own = ExecutionContext.Capture();
        long before = inline ? Environment.TickCount64 : 0;
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
                    : $"What came from {_endPoint} is not a frame: its length line does not hold 1 to 20 digits.{(_pool.Record.IsKnown ? "" : " Is a Gaw server listening there, and does it want TLS?")}");
            }

            if (!_protector.TryOpen(payload, out Memory<byte> document))
            {
                throw new GawAuthenticationException($"The signature of an answer from {_endPoint} is wrong.");
            }

            PendingCall? call = ReplyReader.Read(document.Span, _answerId, this, out Exception? error);
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
            bool loopIsOurs = true;
            if (!inline || call.IsSynchronous)
            {
                call.Complete(error, inline: false);
            }
            else
            {
                loopIsOurs = CompleteInline(call, error);
                long after = Environment.TickCount64;

                // Behind a slow one the others of the batch are handed over: the pool runs them side by side, this thread one after the other.
                inline = after - before < SlowContinuationMilliseconds;
                before = after;
            }

            TakeBack(own);
            if (!loopIsOurs)
            {
                return false;
            }
        }
    }

    private bool CompleteInline(PendingCall call, Exception? error)
    {
        long token = _inline.Enter();
        _inline.MakeCurrent(token);
        call.Complete(error, inline: true);
        LoopLease.LeaveCurrent();
        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        return _inline.TryLeave(token);
    }

    /// <summary>What constructors and continuations of the user's have set on this thread ends with them: an AsyncLocal, culture or principal is not for the next call.</summary>
    private static void TakeBack(ExecutionContext? own)
    {
        if (own is not null && ExecutionContext.Capture() != own)
        {
            ExecutionContext.Restore(own);
        }
    }

    /// <summary>Under the gate, after a caller has stopped reading: somebody else has to where calls are open.</summary>
    private void HandReadingOver()
    {
        if (_readBy != Reader.Nobody || _calls.OpenCount == 0 || State.IsClosed)
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
        Background.Start(ReadOnThread, "gaw client reader");
    }
}
