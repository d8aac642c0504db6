namespace Gaw.PostOffice;

/// <summary>
/// The calls of one connection that wait for an answer, and the keys of those that were given up, whose answer may still come. Everything but
/// the counts is used under the lock of the connection.
/// </summary>
internal sealed class CallTable
{
    /// <summary>The unit in which time-outs are watched.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<int, OutboundCall> _open = [];
    private readonly HashSet<int> _abandoned = [];
    private volatile int _count;
    private long _unansweredBytes;
    private int _tick;

    /// <summary>Answers that may come: for open calls and for those that were given up.</summary>
    public int Count => _count;

    /// <summary>Calls that somebody waits for.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Answers that may come and that nobody waits for.</summary>
    public int AbandonedCount => _abandoned.Count;

    /// <summary>About how many bytes the requests of the open calls have.</summary>
    public long UnansweredBytes => Volatile.Read(ref _unansweredBytes);

    /// <summary>The open call, where there is one and no other.</summary>
    public OutboundCall? Only => _open.Count == 1 ? _open.Values.First() : null;

    public void Add(OutboundCall call)
    {
        call.SentInTick = _tick;
        _open.Add(call.Key, call);
        _unansweredBytes += call.FrameBytes;
        CountAll();
    }

    /// <summary>The call is not open any more; its answer, should it come, will be dropped. <see langword="false"/>: it was not open.</summary>
    public bool Abandon(OutboundCall call)
    {
        if (!_open.TryGetValue(call.Key, out OutboundCall? open) || open != call)
        {
            return false;
        }

        Remove(call);
        Abandon(call.Key);
        return true;
    }

    /// <summary>Whatever is answered under this key, nobody waits for it.</summary>
    public void Abandon(int key)
    {
        _abandoned.Add(key);
        CountAll();
    }

    /// <summary>Takes out the call that an answer belongs to.</summary>
    /// <param name="id">The id in the answer; empty for an answer without one, which belongs to the oldest call.</param>
    /// <param name="hasIds">Answers do carry ids on this connection, except for failures of what could not be read.</param>
    /// <param name="call"><see langword="null"/>: nobody waits for it any more.</param>
    /// <returns><see langword="false"/>: no such call was made.</returns>
    public bool TryTake(ReadOnlySpan<byte> id, bool hasIds, out OutboundCall? call)
    {
        call = null;
        if (id.IsEmpty)
        {
            call = _open.Values.MinBy(static open => open.Key);
            if (!hasIds && _abandoned.Count > 0 && _abandoned.Min() is int oldest && (call is null || oldest < call.Key))
            {
                // Answers come in order, also those that nobody waits for any more.
                call = null;
                return Forget(oldest);
            }
        }
        else if (CallIds.GetKey(id) is >= 0 and int key)
        {
            if (_open.TryGetValue(key, out OutboundCall? open) && open.HasId(id))
            {
                call = open;
            }
            else
            {
                return Forget(key);
            }
        }

        if (call is null)
        {
            return false;
        }

        Remove(call);
        CountAll();
        return true;
    }

    /// <summary>Counts a tick; takes out, and abandons, the calls whose time is over.</summary>
    public List<OutboundCall> TakeExpired()
    {
        _tick++;
        List<OutboundCall> expired = [];
        foreach (OutboundCall call in _open.Values)
        {
            // One tick more, as the call may have been sent at the end of its first.
            if (call.Timeout != Timeout.InfiniteTimeSpan && (_tick - call.SentInTick - 1) * Tick >= call.Timeout)
            {
                expired.Add(call);
            }
        }

        expired.ForEach(call => Abandon(call));
        return expired;
    }

    /// <summary>Takes out all that are open.</summary>
    public OutboundCall[] TakeAll()
    {
        OutboundCall[] calls = [.. _open.Values];
        _open.Clear();
        CountAll();
        return calls;
    }

    private void Remove(OutboundCall call)
    {
        _open.Remove(call.Key);
        _unansweredBytes -= call.FrameBytes;
    }

    private bool Forget(int key)
    {
        bool wasAbandoned = _abandoned.Remove(key);
        CountAll();
        return wasAbandoned;
    }

    private void CountAll() => _count = _open.Count + _abandoned.Count;
}
