using System.Threading.Tasks.Sources;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>The parts of a stream that have come and were not taken yet, and the wait of its one consumer for them. Thread-safe.</summary>
/// <param name="window">How much may be under way, or wait here.</param>
/// <param name="largestItem">The most that one item can have, in bytes.</param>
internal sealed class PartBuffer<T>(StreamTotals window, int largestItem) : IValueTaskSource
{
    private readonly Lock _gate = new();
    private readonly Queue<(List<T> Items, StreamTotals? Sent)> _parts = new();
    private readonly ReceiveWindow _window = new(window);
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _isAwaited;
    private bool _isOver;

    /// <summary>Items wait for their consumer.</summary>
    public bool HasItems
    {
        get
        {
            lock (_gate)
            {
                return _parts.Count > 0;
            }
        }
    }

    /// <summary>The stream has ended, and all its items were taken.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isOver && _parts.Count == 0;
            }
        }
    }

    /// <summary>How far the sender may go: what it was told last.</summary>
    public StreamTotals Limit
    {
        get
        {
            lock (_gate)
            {
                return _window.Limit;
            }
        }
    }

    /// <summary>Something is there to be taken, or the stream has ended: for its one consumer.</summary>
    public ValueTask WhenMoreAsync()
    {
        lock (_gate)
        {
            if (_isOver || _parts.Count > 0)
            {
                return default;
            }

            _isAwaited = true;
            _source.Reset();
            return new ValueTask(this, _source.Version);
        }
    }

    /// <summary>Takes the next items. What was taken before is used up, and its sender may send as much again.</summary>
    /// <param name="taken">Where the items taken before end.</param>
    /// <param name="limit">To be named to the sender; <see langword="null"/>: it need not be told anything yet.</param>
    /// <returns><see langword="null"/>: nothing is there.</returns>
    public List<T>? TryTake(ref StreamTotals? taken, out StreamTotals? limit)
    {
        lock (_gate)
        {
            limit = taken is { } consumed && !_isOver && _window.Consume(consumed, out StreamTotals raised) ? raised : null;
            taken = _parts.TryDequeue(out (List<T> Items, StreamTotals? Sent) part) ? part.Sent : null;
            return part.Items;
        }
    }

    /// <summary>A part has come. Nobody is woken yet.</summary>
    /// <param name="items">Its items; none is a sign of life.</param>
    /// <param name="sent">The sender's totals behind it; <see langword="null"/>: the sender knows nothing of parts, and this is all.</param>
    /// <param name="textBytes">The length of the list's text; 0: there is none.</param>
    /// <returns>Anything but <see cref="PartCheck.InOrder"/>: it is not taken.</returns>
    public PartCheck Add(List<T> items, StreamTotals? sent, int textBytes)
    {
        lock (_gate)
        {
            PartCheck check = sent is { } totals ? _window.Receive(items.Count, totals, largestItem, textBytes) : PartCheck.InOrder;
            if (check == PartCheck.InOrder && items.Count > 0)
            {
                _parts.Enqueue((items, sent));
            }

            return check;
        }
    }

    /// <summary>Wakes the consumer, where there is something for it.</summary>
    /// <param name="inline">Here and now; otherwise on a thread of the pool.</param>
    /// <param name="isOver">No further part comes.</param>
    public void Wake(bool inline, bool isOver)
    {
        lock (_gate)
        {
            _isOver |= isOver;
            if (!_isAwaited || (!_isOver && _parts.Count == 0))
            {
                return;
            }

            _isAwaited = false;
        }

        _source.RunContinuationsAsynchronously = !inline;
        _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
