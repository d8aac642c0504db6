namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>
/// Credit-based flow control, the sender's side: how far it has come, and how far its receiver lets it go. An item may be begun while both totals are below their limits, so that one item that is larger
/// than the window passes, and the receiver is never overrun by more than that. Pure; not thread-safe.
/// </summary>
/// <param name="limit">The receiver's first limit; nothing may be sent before it is above zero.</param>
internal sealed class SendWindow(StreamTotals limit = default)
{
    /// <summary>What was sent so far.</summary>
    public StreamTotals Sent { get; private set; }

    /// <summary>How far the receiver lets the sender go.</summary>
    public StreamTotals Limit { get; private set; } = StreamTotals.Max(limit, default);

    /// <summary>A further item may be begun.</summary>
    public bool CanBegin => Sent.Items < Limit.Items && Sent.Bytes < Limit.Bytes;

    /// <summary>The receiver has named a limit. Limits only rise: an older message that comes late is without effect.</summary>
    /// <returns>The sender could not go on before, and can now.</returns>
    public bool Raise(StreamTotals named)
    {
        bool waited = !CanBegin;
        Limit = StreamTotals.Max(Limit, named);
        return waited && CanBegin;
    }

    /// <summary>An item was written.</summary>
    /// <param name="bytes">The length of its text.</param>
    public void Add(int bytes) => Sent += new StreamTotals(1, bytes);
}
