namespace Gaw.PostOffice.Server.Admission;

/// <summary>
/// A message whose work begins on a thread of the pool. It waits for a place among the running calls, or has one and will probably keep its thread. Until it begins it can be
/// dropped: exactly one of the two happens.
/// </summary>
/// <param name="queue">Where it waits.</param>
/// <param name="message">Only the thread that begins or drops it may touch it: its object serves other calls afterwards.</param>
/// <param name="bytes">Memory that it takes while it waits, about.</param>
internal sealed class HeldMessage(AdmissionQueue queue, InboundMessage message, int bytes) : QueuePlace(message.Predictor is { IsLikely: true })
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Dropped = 2;

    private readonly bool _takesSlot = message.TakesSlot;
    private readonly long _deadline = message.Deadline;

    /// <summary>The exchange pairs with the one of <see cref="_state"/> in TryTake: who has moved the state takes the message, and nobody else has it.</summary>
    private InboundMessage? _message = message;

    /// <summary>The exchange in TryTake pairs with itself: of beginning and being dropped exactly one happens.</summary>
    private int _state;

    /// <summary>Written when the work has begun; pairs with the look in <c>CallToken.Open</c>, after the call's source can be found.</summary>
    private volatile bool _isWithdrawn;

    public int Bytes => bytes;

    public bool InOrder { get; } = message.InOrder;

    public UInt128? Number { get; } = message.Number;

    /// <inheritdoc cref="InboundMessage.OutlivesConnection"/>
    public bool OutlivesConnection { get; } = message.OutlivesConnection;

    /// <inheritdoc/>
    public override bool IsDropped => Volatile.Read(ref _state) == Dropped;

    /// <inheritdoc/>
    public override bool IsWithdrawn => _isWithdrawn;

    /// <summary>The peer's own time for it is over.</summary>
    /// <param name="now">The server's time stamp.</param>
    public bool IsOverdue(long now) => now >= _deadline;

    /// <summary>Takes the message, to end it without running it; <see langword="null"/>: it has begun, or was dropped before.</summary>
    public InboundMessage? TryDrop() => TryTake(Dropped);

    /// <summary>Its peer wants it no more, and it has begun.</summary>
    public void Withdraw() => _isWithdrawn = true;

    protected override void Begin()
    {
        ForeignCode.BeginLoop();
        if (TryTake(Begun) is { } begun)
        {
            queue.Begin(this, begun);
        }
        else if (_takesSlot)
        {
            queue.LeaveSlot();
        }
    }

    private InboundMessage? TryTake(int state) =>
        Interlocked.CompareExchange(ref _state, state, Waiting) == Waiting ? Interlocked.Exchange(ref _message, null) : null;
}
