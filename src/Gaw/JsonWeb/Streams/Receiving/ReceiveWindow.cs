namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>What a part of a stream is to its receiver.</summary>
internal enum PartCheck
{
    /// <summary>The next one.</summary>
    InOrder,

    /// <summary>A part before it is missing, or this one has come twice: the items that were received are not those that were sent.</summary>
    OutOfStep,

    /// <summary>The sender does not keep to its limits.</summary>
    Overrun,
}

/// <summary>
/// Credit-based flow control, the receiver's side: checks that no part is missing, and says how far the sender may go. It never counts bytes itself: two sides that count the same text can differ, and a
/// window that shrinks by a few bytes with each part stalls in the end. It returns the sender's own figures instead. Pure; not thread-safe.
/// </summary>
/// <param name="window">How much may be under way or wait for its consumer.</param>
internal sealed class ReceiveWindow(StreamTotals window)
{
    /// <summary>What a sender may leave out of its figures: blanks between items, and what stands around them.</summary>
    private const int SeparatorBytes = 4;
    private const int PartBytes = 64;

    private readonly StreamTotals _window = window;
    private StreamTotals _received;
    private StreamTotals _consumed;

    /// <summary>How far the sender may go: the limit that was named last.</summary>
    public StreamTotals Limit { get; private set; } = window;

    /// <summary>A part has come.</summary>
    /// <param name="items">How many items it has; 0 is a sign of life.</param>
    /// <param name="sent">The sender's totals behind it.</param>
    /// <param name="largestItem">The most that one item can have, in bytes: the sender may pass its limit with one.</param>
    /// <param name="textBytes">The length of its text; 0: it has none. A sender that says much less of it, or less than a byte an item, would pass the limit in secret.</param>
    public PartCheck Receive(int items, StreamTotals sent, int largestItem, int textBytes = 0)
    {
        long said = sent.Bytes - _received.Bytes;
        if (sent.Items - items != _received.Items || sent.Bytes < _received.Bytes || (items == 0 && sent != _received))
        {
            return PartCheck.OutOfStep;
        }

        _received = sent;
        StreamTotals allowed = Limit + _window + new StreamTotals(1, largestItem);
        bool isTrue = said >= items && textBytes <= (2 * said) + (SeparatorBytes * (long)items) + PartBytes;
        return sent.Items > allowed.Items || sent.Bytes > allowed.Bytes || !isTrue ? PartCheck.Overrun : PartCheck.InOrder;
    }

    /// <summary>The consumer has taken everything up to the end of a part.</summary>
    /// <param name="sent">The sender's totals behind that part.</param>
    /// <param name="limit">The limit to name to the sender.</param>
    /// <returns>Half of the window is used up, so that it is time to name a new limit.</returns>
    public bool Consume(StreamTotals sent, out StreamTotals limit)
    {
        _consumed = StreamTotals.Max(_consumed, sent);
        StreamTotals left = Limit - _consumed;
        limit = Limit;
        if (left.Items > _window.Items / 2 && left.Bytes > _window.Bytes / 2)
        {
            return false;
        }

        limit = Limit = StreamTotals.Max(Limit, _consumed + _window);
        return true;
    }
}
