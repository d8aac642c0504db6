using System.Diagnostics.CodeAnalysis;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.Testing.Carrier;

/// <summary>The calls of one connection that wait for a reply, by key, each with the timer that ends its wait. Thread-safe.</summary>
internal sealed class MemoryCalls
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (PendingCall Call, ITimer? Timer)> _open = [];
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>The call waits from now on.</summary>
    /// <param name="call">The call.</param>
    /// <param name="startTimer">Starts the timer of its time-out; it gives <see langword="null"/> where there is none.</param>
    /// <returns><see langword="false"/>: the connection is closed, or another call has the key.</returns>
    public bool TryAdd(PendingCall call, Func<ITimer?> startTimer)
    {
        lock (_gate)
        {
            if (_isClosed || _open.ContainsKey(call.Key))
            {
                return false;
            }

            _open.Add(call.Key, (call, startTimer()));
            return true;
        }
    }

    /// <summary>The call with an id that the server gave back; <see langword="null"/>: it does not wait any more.</summary>
    public PendingCall? Find(ReadOnlySpan<byte> id)
    {
        lock (_gate)
        {
            return _open.TryGetValue(CallIds.GetKey(id), out (PendingCall Call, ITimer? Timer) open) && open.Call.HasId(id) ? open.Call : null;
        }
    }

    /// <summary>The call waits no longer. Of all that end it, one gets <see langword="true"/>.</summary>
    public bool TryTake(PendingCall call)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(call.Key, out (PendingCall Call, ITimer? Timer) open) || open.Call != call)
            {
                return false;
            }

            _open.Remove(call.Key);
            open.Timer?.Dispose();
            return true;
        }
    }

    /// <summary>No call waits any more, and none can be added.</summary>
    /// <param name="calls">Those that waited.</param>
    /// <returns><see langword="false"/>: it was closed before.</returns>
    public bool TryClose([NotNullWhen(true)] out PendingCall[]? calls)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                calls = null;
                return false;
            }

            _isClosed = true;
            calls = [.. _open.Values.Select(static open => open.Call)];
            foreach ((PendingCall _, ITimer? timer) in _open.Values)
            {
                timer?.Dispose();
            }

            _open.Clear();
            return true;
        }
    }
}
