using Gaw.PostOffice.Client.Matching;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>
/// Leader and followers: who reads the replies of a connection. A synchronous caller that is alone reads for itself, which spares two thread switches. As soon as there are several callers, or one
/// that awaits, a thread of the connection reads in batches. Pure: facts in, decision out; used under the lock of the connection.
/// </summary>
internal sealed class ReaderRole
{
    private Leader _leader;
    private bool _isThreadParked;

    private enum Leader
    {
        Nobody,
        Caller,
        Thread,
    }

    public bool IsFree => _leader == Leader.Nobody;

    /// <summary>A call was entered. A caller that awaits reads nothing, so a thread has to.</summary>
    public ReaderAction OnSend(bool isSynchronous) => isSynchronous || !IsFree ? ReaderAction.None : PromoteThread();

    /// <summary>A synchronous caller is about to block.</summary>
    /// <param name="mayRead">Its thread may block in a receive: nothing but the reply and the time-out has to end its waiting.</param>
    public ReaderAction OnWait(bool mayRead)
    {
        if (!IsFree)
        {
            return ReaderAction.None;
        }

        if (!mayRead)
        {
            return PromoteThread();
        }

        _leader = Leader.Caller;
        return ReaderAction.Read;
    }

    /// <summary>The code of a result's type keeps the thread that reads: the thread of the connection goes on, or another in its place.</summary>
    public ReaderAction OnReaderKept() => _leader == Leader.Thread ? ReaderAction.Start : PromoteThread();

    /// <summary>The caller that has read needs to read no more.</summary>
    public ReaderAction OnReaderLeft(OpenCalls open, bool isClosed)
    {
        _leader = Leader.Nobody;
        return OnCallerLeft(open, isClosed);
    }

    /// <summary>A synchronous caller has its reply, and may have been the one that the reading was offered to: somebody else has to read where calls are open.</summary>
    public ReaderAction OnCallerLeft(OpenCalls open, bool isClosed) =>
        !IsFree || isClosed || open == OpenCalls.None ? ReaderAction.None
        : open == OpenCalls.OneSynchronous ? ReaderAction.Offer
        : PromoteThread();

    /// <summary>The thread has taken all that has come. After a synchronous call it steps aside, so that the next caller that is alone can read for itself.</summary>
    /// <param name="hasOpenCalls">Replies may come, be it for calls that were given up.</param>
    /// <param name="lastWasSynchronous">The last reply was one for a synchronous caller.</param>
    /// <param name="mustRead">The connection has ended, or its end cannot be seen from outside, as in TLS.</param>
    public ReaderAction OnThreadIdle(bool hasOpenCalls, bool lastWasSynchronous, bool mustRead)
    {
        if (hasOpenCalls || !lastWasSynchronous || mustRead)
        {
            return ReaderAction.Read;
        }

        _leader = Leader.Nobody;
        _isThreadParked = true;
        return ReaderAction.Park;
    }

    /// <summary>The thread has received nothing for a while, and may stop: an idle connection holds no thread.</summary>
    /// <param name="hasOpenCalls">Replies may come, be it for calls that were given up.</param>
    /// <param name="mustRead">The connection has ended, or its end cannot be seen from outside.</param>
    public ReaderAction OnThreadQuiet(bool hasOpenCalls, bool mustRead)
    {
        if (hasOpenCalls || mustRead)
        {
            return ReaderAction.Read;
        }

        _leader = Leader.Nobody;
        return ReaderAction.End;
    }

    /// <summary>The parked thread was not woken for a while.</summary>
    public ReaderAction OnThreadUnwanted()
    {
        if (!_isThreadParked)
        {
            // It was woken in this moment.
            return ReaderAction.Read;
        }

        _isThreadParked = false;
        return ReaderAction.End;
    }

    private ReaderAction PromoteThread()
    {
        _leader = Leader.Thread;
        ReaderAction action = _isThreadParked ? ReaderAction.Wake : ReaderAction.Start;
        _isThreadParked = false;
        return action;
    }
}
