using Gaw.Nats.Engine;
using Gaw.PostOffice;

namespace Gaw.Nats.Client;

/// <summary>The calls of a client that are open on the engine, and what is known of each: <see cref="CallWatch"/> and <see cref="RefusalBudget"/> under one gate. Thread-safe.</summary>
internal sealed class RouteCalls(NatsLink link, TimeProvider time)
{
    /// <summary>A message of one small item takes so many times as much as its item does among others.</summary>
    private const int MessagesInOne = 64;

    private readonly Lock _gate = new();
    private readonly CallWatch _watch = new();
    private readonly RefusalBudget _refusals = new();
    private readonly long _began = time.GetTimestamp();
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _watch.Count;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>Enters a call that is about to be sent.</summary>
    /// <param name="call">The call.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="rest">What is left of its time.</param>
    /// <param name="mayWait">It is to wait at the worker that gets it.</param>
    /// <returns><see langword="false"/>: the client is closed, the engine is away, or the key has come round.</returns>
    public bool TryAdd(PendingCall call, CallSubject target, TimeSpan rest, out bool mayWait)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            mayWait = _refusals.MayWait(call.Refusals);
            return !_isClosed && link.IsOpen
                && _watch.TryAdd(new OpenCall(call, target, now, rest == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : now + rest) { MayWait = mayWait });
        }
    }

    /// <summary>Takes a call out whose reply has come.</summary>
    public OpenCall? TakeReplied(int key)
    {
        lock (_gate)
        {
            OpenCall? open = _watch.Take(key);
            if (open is not null)
            {
                _refusals.Count(wasRefused: false);
            }

            return open;
        }
    }

    /// <inheritdoc cref="CallWatch.MeetNobody"/>
    public OpenCall? MeetNobody(int key)
    {
        lock (_gate)
        {
            return _watch.MeetNobody(key, Now);
        }
    }

    /// <summary>Takes a call out that ends without a reply; <see langword="null"/>: it has ended, and its key may be another call's.</summary>
    public OpenCall? TryTake(int key, PendingCall expected)
    {
        lock (_gate)
        {
            return _watch.Find(key) is { } open && open.Call == expected ? _watch.Take(key) : null;
        }
    }

    /// <summary>What is known of a call; <see langword="null"/>: it has ended.</summary>
    public OpenCall? Find(PendingCall call)
    {
        lock (_gate)
        {
            return _watch.Find(call.Key) is { } open && open.Call == call ? open : null;
        }
    }

    /// <summary>Where the replies to a call wait whose result may come in parts; <see langword="null"/>: it is none, or has ended.</summary>
    /// <param name="key">The call's.</param>
    /// <param name="read">Reads one of them.</param>
    public PartQueue? FindParts(int key, Action<OpenCall, Memory<byte>> read)
    {
        lock (_gate)
        {
            return _watch.Find(key) is { Call.TakesParts: true } open ? open.Parts ??= new PartQueue(payload => read(open, payload), GetRoom(open.Call)) : null;
        }
    }

    /// <inheritdoc cref="NatsRoute.NoteRefusal"/>
    public bool NoteRefusal(OpenCall call)
    {
        lock (_gate)
        {
            _refusals.Count(wasRefused: true);
            return RefusalBudget.HasWaited(call.MayWait, Now - call.Sent);
        }
    }

    /// <inheritdoc cref="NatsRoute.OnEngineChanged"/>
    public void EngineChanged(bool isOpen)
    {
        lock (_gate)
        {
            _watch.EngineChanged(isOpen, Now);
        }
    }

    /// <inheritdoc cref="CallWatch.Heard"/>
    public List<OpenCall> Heard(string worker, IReadOnlyList<int> keys, int question)
    {
        lock (_gate)
        {
            return _watch.Heard(worker, keys, question, Now);
        }
    }

    /// <summary>Which calls are over or lost, and what is to be asked; <see langword="null"/>: none is open.</summary>
    public CallWatchResult? Look()
    {
        lock (_gate)
        {
            return _watch.Count == 0 || _isClosed ? null : _watch.Look(Now);
        }
    }

    /// <summary>Takes all out; no other is taken in any more.</summary>
    public OpenCall[] Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            OpenCall[] open = [.. _watch.All];
            Array.ForEach(open, call => _watch.Take(call.Key));
            return open;
        }
    }

    /// <summary>A worker that keeps to the limits of its stream never fills it, though it sends each item of a byte by itself. Behind the parts come a report of progress and the end.</summary>
    private long GetRoom(PendingCall call) => PartQueue.RoomFor(call.Window.Bytes * MessagesInOne, 3 * link.MaxPayloadBytes);
}
