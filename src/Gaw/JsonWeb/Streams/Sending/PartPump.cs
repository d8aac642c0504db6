using System.Diagnostics;
using Gaw.Json;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>
/// Takes the items of a stream and lets them leave in parts, as far as the receiver's limits go: what is ready together leaves together, and nothing is made ahead of what the receiver takes. The same for
/// results and for arguments. Used by the one who sends; limits come on any thread.
/// </summary>
/// <param name="target">Where the parts go.</param>
/// <param name="limit">The receiver's first limit.</param>
internal sealed class PartPump(PartTarget target, StreamTotals limit) : IDisposable
{
    private readonly OpenPart _part = new(target);
    private readonly SendCredit _credit = new(limit);

    /// <inheritdoc cref="SendCredit.Sent"/>
    public StreamTotals Sent => _credit.Sent;

    /// <inheritdoc cref="SendCredit.Raise"/>
    public void Raise(StreamTotals named) => _credit.Raise(named);

    /// <summary>Takes all items. What does not fill a part is left for the end: <see cref="TakeRest"/>.</summary>
    /// <param name="source">Has begun.</param>
    /// <param name="cancellationToken">Fires when no further item is wanted.</param>
    /// <exception cref="Exception">What the source has thrown, or an item that cannot be written. Those before it are whole.</exception>
    public async ValueTask TakeAsync(ItemSource source, CancellationToken cancellationToken)
    {
        long before = Stopwatch.GetTimestamp();
        while (true)
        {
            if (!_credit.CanBegin || target.IsFull)
            {
                await WaitForReceiverAsync(cancellationToken).ConfigureAwait(false);
                before = Stopwatch.GetTimestamp();
            }

            ValueTask<bool> next = source.MoveNextAsync();
            bool isQuiet = !next.IsCompleted;
            if (isQuiet)
            {
                LeaveAll();
                target.OnQuiet(true);
            }

            bool hasNext = await next.ConfigureAwait(false);
            if (isQuiet)
            {
                target.OnQuiet(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!hasNext)
            {
                return;
            }

            Write(source, ref before);
        }
    }

    /// <summary>Sends what was written whole, as a part.</summary>
    public void LeaveAll()
    {
        if (_part.Batch.Items > 0)
        {
            target.Send(_part.Take(), _credit.Sent);
        }
    }

    /// <summary>What was written and has not left: the document of the last part, which may have no items.</summary>
    public JsonWriter TakeRest() => _part.Take();

    public void Dispose() => _part.Dispose();

    /// <summary>What was written leaves first: the receiver may wait for it before it names a limit.</summary>
    private async ValueTask WaitForReceiverAsync(CancellationToken cancellationToken)
    {
        LeaveAll();
        await _credit.WhenCanBeginAsync(cancellationToken).ConfigureAwait(false);
        while (target.IsFull)
        {
            await target.WhenRoomAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Write(ItemSource source, ref long before)
    {
        if (!_part.TryWrite(source, out int bytes))
        {
            LeaveAll();
            _part.TryWrite(source, out bytes);
        }

        long now = Stopwatch.GetTimestamp();
        _part.Batch.Add(bytes, ToMilliseconds(now), ToMilliseconds(now - before));
        before = now;
        _credit.Add(bytes);
        if (_part.Batch.ShouldLeave(NextItem.Ready, _credit.CanBegin, ToMilliseconds(now)))
        {
            LeaveAll();
        }
    }

    private static double ToMilliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
