using Gaw.PostOffice.Client.Sending;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>The thread of a connection that reads in batches, while no caller reads for itself.</summary>
/// <param name="context">The connection.</param>
/// <param name="stream">Its replies.</param>
/// <param name="requests">Its requests, which this thread sends on.</param>
/// <param name="dispatcher">Gives the replies to their calls.</param>
/// <param name="woken">Callers whose requests may leave together.</param>
/// <param name="role">Decides who reads.</param>
/// <param name="fail">Ends the connection.</param>
internal sealed class ReadingThread(ConnectionContext context, ReplyStream stream, RequestQueue requests, ReplyDispatcher dispatcher, WokenCallers woken, ReaderRole role, Action<Exception> fail)
{
    private readonly ReaderPark _park = new(context.Gate, role);

    /// <summary>The reading thread; 0: it has parked. A thread compares it with its own id only, so it needs no partner.</summary>
    private int _readingThread;

    /// <summary>The current thread is this one.</summary>
    public bool IsCurrent => _readingThread == Environment.CurrentManagedThreadId;

    /// <summary>Starts it, perhaps in place of another that does not come back to the loop.</summary>
    public void Start()
    {
        _readingThread = 0;
        Background.Start(ReadOnThread, "gaw client reader");
    }

    /// <summary>It has parked, and is needed; or the connection has ended.</summary>
    public void Wake() => _park.Wake();

    /// <summary>By this thread: code of the program's is about to run, which may take long.</summary>
    public void SendHeldBack()
    {
        woken.Interrupt();
        Flush();
    }

    /// <summary>The body of the reading thread.</summary>
    private void ReadOnThread()
    {
        try
        {
            _readingThread = Environment.CurrentManagedThreadId;
            while (true)
            {
                Flush();
                bool loopIsOurs = dispatcher.DispatchReceived(inline: true);
                if (loopIsOurs)
                {
                    woken.OnDispatched();
                }

                Flush();
                if (!loopIsOurs || !WaitForWork() || context.State.IsClosed)
                {
                    return;
                }
            }
        }
        catch (Exception e)
        {
            fail(e);
        }
    }

    /// <summary>Waits for bytes, or parked for a call that needs the thread.</summary>
    /// <returns><see langword="false"/>: neither has come, and the thread ends.</returns>
    private bool WaitForWork()
    {
        bool isIdle;
        ReaderAction action;
        lock (context.Gate)
        {
            // A reply that nobody waits for any more is taken as well: unread, it would stop the server, and hide the end of the stream behind it.
            isIdle = context.Calls.Count == 0;
            action = role.OnThreadIdle(!isIdle, dispatcher.LastWasSynchronous, mustRead: context.State.IsClosed || stream.IsTls);
            if (action == ReaderAction.Park)
            {
                _readingThread = 0;
            }

            if (isIdle)
            {
                // Under the gate: a request that was held back would be an open call's.
                woken.End(inVain: false);
            }
        }

        if (action == ReaderAction.Park)
        {
            bool isWanted = _park.Wait();
            _readingThread = isWanted ? Environment.CurrentManagedThreadId : _readingThread;
            return isWanted;
        }

        if (!isIdle)
        {
            if (woken.AreExpected && !stream.IsReadableWithin(WokenCallers.Patience))
            {
                woken.End(inVain: true);
                Flush();
            }

            stream.ReceiveWithoutEnd();
            return true;
        }

        return stream.TryReceiveWithin(ReaderPark.Patience) || !EndsUnused();
    }

    /// <summary>A thread that reads never blocks in a write: the server may not read until its replies are taken.</summary>
    private void Flush() => requests.FlushWithin(context.Calls.InFlightBytes, patience: 0);

    /// <summary>Nothing has come for a while: an idle connection holds no thread, where the peer's end can be seen without one.</summary>
    private bool EndsUnused()
    {
        lock (context.Gate)
        {
            bool ends = role.OnThreadQuiet(context.Calls.Count > 0, mustRead: context.State.IsClosed || !stream.ShowsPeersEnd) == ReaderAction.End;
            _readingThread = ends ? 0 : _readingThread;
            return ends;
        }
    }
}
