using System.Diagnostics.CodeAnalysis;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>One argument that is a stream, as its items come. Thread-safe.</summary>
/// <param name="name">The parameter's name.</param>
/// <param name="room">What may wait while the code of the items' type keeps the thread that reads them.</param>
internal abstract class InboundStream(string name, LateRoom room)
{
    private readonly Lock _gate = new();
    private readonly Queue<LateItems> _late = new();
    private bool _isReading;

    /// <summary>The parameter's name.</summary>
    public string Name => name;

    /// <summary>The limit that its sender was told last.</summary>
    public abstract StreamTotals Limit { get; }

    /// <summary>
    /// Items have come. The code of their type may keep the thread that reads them, and another one then reads on: what it brings for the same stream waits for the first, so that the order stays.
    /// </summary>
    /// <returns><see langword="true"/>: the caller reads them, by <see cref="Read"/>.</returns>
    public bool TryBegin(in ItemMessage message)
    {
        lock (_gate)
        {
            if (!_isReading)
            {
                return _isReading = true;
            }

            if (room.TryEnter(message.Items.Length))
            {
                _late.Enqueue(new LateItems(message.Items.ToArray(), message.Sent, message.IsLast, message.Failure));
                return false;
            }

            _late.Clear();
        }

        Overrun();
        return false;
    }

    /// <summary>Reads the items of a message, and those that have come meanwhile.</summary>
    public void Read(in ItemMessage message)
    {
        Take(message.Items, message.Sent, message.IsLast, message.Failure);
        while (TryTakeLate(out LateItems? next))
        {
            Take(next.Items, next.Sent, next.IsLast, next.Failure);
        }
    }

    /// <summary>No further item is taken. What waits for one is woken.</summary>
    public abstract void End(Exception reason);

    /// <summary>The caller has sent more than it may.</summary>
    protected abstract void Overrun();

    /// <summary>Reads items and keeps them.</summary>
    protected abstract void Take(ReadOnlySpan<byte> items, StreamTotals sent, bool isLast, GawError? failure);

    private bool TryTakeLate([NotNullWhen(true)] out LateItems? next)
    {
        lock (_gate)
        {
            _isReading = _late.TryDequeue(out next);
            if (next is not null)
            {
                room.Leave(next.Items.Length);
            }

            return _isReading;
        }
    }

    /// <summary>A message that came while another one was being read.</summary>
    private sealed record LateItems(byte[] Items, StreamTotals Sent, bool IsLast, GawError? Failure);
}
