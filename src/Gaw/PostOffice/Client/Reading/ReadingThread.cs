using Gaw.PostOffice.Client.Sending;
using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>The thread of a connection that reads in batches, while no caller reads for itself.</summary>
/// <param name="context">The connection.</param>
/// <param name="stream">Its replies.</param>
/// <param name="requests">Its requests, which this thread sends on.</param>
/// <param name="dispatcher">Gives the replies to their calls.</param>
/// <param name="role">Decides who reads.</param>
/// <param name="fail">Ends the connection.</param>
internal sealed class ReadingThread(ConnectionContext context, ReplyStream stream, RequestQueue requests, ReplyDispatcher dispatcher, ReaderRole role, Action<Exception> fail)
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

    /// <summary>The body of the reading thread.</summary>
    private void ReadOnThread()
    {
        try
        {
            _readingThread = Environment.CurrentManagedThreadId;
            while (true)
            {
                // A thread that reads never blocks in a write: the server may not read until its replies are taken.
                requests.FlushWithin(context.Calls.InFlightBytes, patience: 0);
                bool loopIsOurs = dispatcher.DispatchReceived(inline: true);
                requests.FlushWithin(context.Calls.InFlightBytes, patience: 0);
                if (!loopIsOurs)
                {
                    return;
                }

                if (!WaitForWork() || context.State.IsClosed)
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
        }

        if (action == ReaderAction.Park)
        {
            bool isWanted = _park.Wait();
            _readingThread = isWanted ? Environment.CurrentManagedThreadId : _readingThread;
            return isWanted;
        }

        if (!isIdle)
        {
            stream.ReceiveWithoutEnd();
            return true;
        }

        return stream.TryReceiveWithin(ReaderPark.Patience) || !EndsUnused();
    }

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
