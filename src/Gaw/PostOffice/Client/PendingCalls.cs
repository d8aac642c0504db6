using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Client.Reading;
using Gaw.PostOffice.Framing;
using Gaw.Shared;

namespace Gaw.PostOffice.Client;

/// <summary>
/// The calls of one connection that wait for a reply, and the keys of those that were given up, whose reply may still come. Everything but
/// the counts is used under the lock of the connection.
/// </summary>
internal sealed class PendingCalls
{
    /// <summary>The unit in which time-outs are watched.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<int, PendingCall> _open = [];
    private readonly Dictionary<int, FramePosition> _abandoned = [];
    private readonly RepliedKeys _replied = new();

    /// <summary>Written under the gate; pairs with the read in <see cref="Count"/> without it, by those that choose a connection. A figure that is a moment old chooses another one.</summary>
    private volatile int _count;

    /// <summary>Written under the gate; pairs with the read in <see cref="InFlightBytes"/> without it, which only decides whether a send may block.</summary>
    private long _inFlightBytes;

    /// <summary>Replies that may come: for open calls and for those that were given up.</summary>
    public int Count => _count;

    /// <summary>Calls that somebody waits for.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Replies that may come and that nobody waits for.</summary>
    public int AbandonedCount => _abandoned.Count;

    /// <summary>About how many bytes the requests have whose replies may come: no more of them lies unread at the peer or on the way.</summary>
    public long InFlightBytes => Volatile.Read(ref _inFlightBytes);

    /// <summary>The open call, where there is one and no other.</summary>
    public PendingCall? Only
    {
        get
        {
            // A loop and not First(), which would allocate on the way of each call.
            foreach (PendingCall call in _open.Values)
            {
                return _open.Count == 1 ? call : null;
            }

            return null;
        }
    }

    /// <summary>Whose replies may come, for <see cref="ReaderRole"/>.</summary>
    public OpenCalls Waiting => Count == 0 ? OpenCalls.None : Only is { IsSynchronous: true } ? OpenCalls.OneSynchronous : OpenCalls.Others;

    /// <summary><see langword="false"/>: a call is open under the same key, which has come round.</summary>
    public bool TryAdd(PendingCall call)
    {
        if (_abandoned.ContainsKey(call.Key) || !_open.TryAdd(call.Key, call))
        {
            return false;
        }

        _inFlightBytes += call.Position.CountedBytes;
        CountAll();
        return true;
    }

    /// <summary>The call is not open any more; its reply, should it come, will be dropped. <see langword="false"/>: it was not open.</summary>
    public bool Abandon(PendingCall call)
    {
        if (!_open.TryGetValue(call.Key, out PendingCall? open) || open != call)
        {
            return false;
        }

        _open.Remove(call.Key);
        _abandoned[call.Key] = call.Position;
        CountAll();
        return true;
    }

    /// <summary>A message was sent under this key without an open call: nobody waits for its reply.</summary>
    public void AddAbandoned(int key, FramePosition position)
    {
        _abandoned[key] = position;
        _inFlightBytes += position.CountedBytes;
        CountAll();
    }

    /// <summary>Takes out the call that a reply belongs to.</summary>
    public ReplyOf Take(ReadOnlySpan<byte> id, out PendingCall? call)
    {
        call = null;
        if (CallIds.GetKey(id) is not (>= 0 and int key))
        {
            return ReplyOf.Nobody;
        }

        if (_open.TryGetValue(key, out PendingCall? open))
        {
            return open.HasId(id) ? TakeOpen(call = open) : ReplyOf.Nobody;
        }

        return Forget(key) ? ReplyOf.AbandonedCall : _replied.Contains(key) ? ReplyOf.RepliedCall : ReplyOf.Nobody;
    }

    /// <summary>Finds the call that a part of a result belongs to; it stays where it is. What its request took is not under way any more.</summary>
    public ReplyOf Find(ReadOnlySpan<byte> id, out PendingCall? call)
    {
        call = null;
        int key = CallIds.GetKey(id);
        if (_open.TryGetValue(key, out PendingCall? open))
        {
            if (!open.HasId(id))
            {
                return ReplyOf.Nobody;
            }

            call = open;
            open.HasParts = true;
            _inFlightBytes -= open.Position.CountedBytes;
            open.Position.Forget();
            return ReplyOf.OpenCall;
        }

        return _abandoned.ContainsKey(key) ? ReplyOf.AbandonedCall : _replied.Contains(key) ? ReplyOf.RepliedCall : ReplyOf.Nobody;
    }

    /// <summary>As <see cref="Take"/>, where replies come in order and carry no id: the oldest call, whether somebody waits for it or not.</summary>
    public ReplyOf TakeOldest(out PendingCall? call)
    {
        if (OldestRequest.Find(_open, _abandoned) is not { } oldest)
        {
            call = null;
            return ReplyOf.Nobody;
        }

        if (_open.TryGetValue(oldest, out call))
        {
            return TakeOpen(call);
        }

        Forget(oldest);
        return ReplyOf.AbandonedCall;
    }

    /// <summary>Takes out the call under this key, whether somebody waits for it or not.</summary>
    public PendingCall? TakeKey(int key)
    {
        if (_open.TryGetValue(key, out PendingCall? call))
        {
            TakeOpen(call);
        }
        else
        {
            Forget(key);
        }

        return call;
    }

    /// <summary>All requests that were sent, at least in part, and have no reply.</summary>
    /// <param name="sentBytes">What has left, as a position in the stream.</param>
    public List<OpenRequest> GetOpenRequests(long sentBytes)
    {
        List<OpenRequest> requests = [.. _open.Select(static entry => new OpenRequest(entry.Key, entry.Value.Position)), .. _abandoned.Select(static entry => new OpenRequest(entry.Key, entry.Value))];
        requests.RemoveAll(request => request.End == 0 || request.Start >= sentBytes);
        return requests;
    }

    /// <summary>Takes out, and abandons, the calls whose time is over.</summary>
    public List<PendingCall> TakeExpired(TimeProvider time, long now)
    {
        List<PendingCall>? expired = null;
        foreach (PendingCall call in _open.Values)
        {
            if (call.GetRest(time, now) == TimeSpan.Zero)
            {
                (expired ??= []).Add(call);
            }
        }

        expired?.ForEach(call => Abandon(call));
        return expired ?? [];
    }

    /// <summary>Takes out the open calls whose frames end behind this position in the stream, or have none.</summary>
    public List<PendingCall> TakeBehind(long position)
    {
        List<PendingCall> calls = [.. _open.Values.Where(call => !call.HasParts && (call.Position.End == 0 || call.Position.End > position))];
        calls.ForEach(Remove);
        CountAll();
        return calls;
    }

    /// <summary>Takes out all that are open.</summary>
    public PendingCall[] TakeAll()
    {
        PendingCall[] calls = [.. _open.Values];
        _open.Clear();
        CountAll();
        return calls;
    }

    private ReplyOf TakeOpen(PendingCall call)
    {
        Remove(call);
        _replied.Add(call.Key);
        CountAll();
        return ReplyOf.OpenCall;
    }

    private void Remove(PendingCall call)
    {
        _open.Remove(call.Key);
        _inFlightBytes -= call.Position.CountedBytes;
    }

    private bool Forget(int key)
    {
        if (!_abandoned.Remove(key, out FramePosition? position))
        {
            return false;
        }

        _inFlightBytes -= position.CountedBytes;
        CountAll();
        return true;
    }

    private void CountAll() => _count = _open.Count + _abandoned.Count;
}
