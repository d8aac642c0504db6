using Gaw.PostOffice;

namespace Gaw.Nats.Server.Requests;

/// <summary>A request that waits for a place among the calls that may run: it begins or is dropped, and exactly one of the two happens.</summary>
internal sealed class RequestHold
{
    private const int Arriving = 0;
    private const int Waiting = 1;
    private const int Begun = 2;
    private const int Dropped = 3;

    /// <summary>The exchange pairs with the one of <see cref="_state"/> in TryTake: who has moved the state takes the message, and nobody else has it.</summary>
    private InboundMessage? _message;

    /// <summary>The exchange in TryTake pairs with itself: of beginning and being dropped exactly one happens.</summary>
    private int _state;

    private long _deadline = long.MaxValue;

    /// <summary>It was not read yet.</summary>
    public bool IsArriving => Volatile.Read(ref _state) == Arriving;

    public bool IsDropped => Volatile.Read(ref _state) == Dropped;

    /// <summary>It was read, and waits from now on.</summary>
    public void Wait(InboundMessage message)
    {
        _message = message;
        _deadline = message.Deadline;

        // The exchange pairs with the look of who withdraws, cuts off or sweeps: either they find it waiting, or their mark is seen after this.
        Interlocked.Exchange(ref _state, Waiting);
    }

    /// <summary>Its caller waits no more.</summary>
    /// <param name="now">The worker's time stamp.</param>
    public bool IsOverdue(long now) => Volatile.Read(ref _state) == Waiting && now >= _deadline;

    /// <summary>Takes the message, to run it; <see langword="null"/>: it was dropped.</summary>
    public InboundMessage? TryBegin() => TryTake(Begun);

    /// <summary>Takes the message, to end it without running it; <see langword="null"/>: it has begun, was dropped before, or does not wait yet.</summary>
    public InboundMessage? TryDrop() => TryTake(Dropped);

    private InboundMessage? TryTake(int state) =>
        Interlocked.CompareExchange(ref _state, state, Waiting) == Waiting ? Interlocked.Exchange(ref _message, null) : null;
}
