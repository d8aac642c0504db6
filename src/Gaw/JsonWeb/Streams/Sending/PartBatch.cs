namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>What the producer of a stream can do next.</summary>
internal enum NextItem
{
    /// <summary>It is there.</summary>
    Ready,

    /// <summary>It will come later.</summary>
    Pending,

    /// <summary>There is none: the stream has ended, or has failed.</summary>
    None,
}

/// <summary>
/// When a part of a stream leaves: items that are ready travel together, and none waits for one that is not. Pure; not thread-safe. Times are in milliseconds, of any clock that only goes forward.
/// </summary>
internal sealed class PartBatch
{
    /// <summary>A part of so many bytes leaves: its envelope is one per cent of it.</summary>
    public const int FullBytes = 16 * 1024;

    /// <summary>No item waits longer for those behind it, nor for a producer that takes longer to make the next.</summary>
    public const double PatienceMilliseconds = 1;

    private double _began;
    private bool _isSlow;

    /// <summary>Items that wait to leave.</summary>
    public int Items { get; private set; }

    /// <summary>Bytes of their texts.</summary>
    public int Bytes { get; private set; }

    /// <summary>An item was written.</summary>
    /// <param name="bytes">The length of its text.</param>
    /// <param name="now">The time.</param>
    /// <param name="making">How long its producer kept the thread to make it.</param>
    public void Add(int bytes, double now, double making)
    {
        _began = Items == 0 ? now : _began;
        _isSlow = making > PatienceMilliseconds;
        Items++;
        Bytes += bytes;
    }

    /// <summary>The part leaves now.</summary>
    /// <param name="next">What the producer can do.</param>
    /// <param name="hasCredit">The receiver lets a further item be begun.</param>
    /// <param name="now">The time.</param>
    public bool ShouldLeave(NextItem next, bool hasCredit, double now) =>
        Items > 0 && (next != NextItem.Ready || !hasCredit || _isSlow || Bytes >= FullBytes || now - _began >= PatienceMilliseconds);

    /// <summary>The part has left: the next one begins.</summary>
    public void Clear() => (Items, Bytes, _isSlow) = (0, 0, false);
}
