using Gaw.PostOffice.Server.Receiving;
using Gaw.PostOffice.Server.Running;
using Gaw.Shared;

namespace Gaw.PostOffice.Server.Admission;

/// <summary>
/// The messages of one connection that begin later, on a thread of the pool. They wait for a place among <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>, or will
/// probably keep their thread. Each one begins or is dropped, never both. Thread-safe.
/// </summary>
internal sealed class AdmissionQueue
{
    /// <summary>
    /// While queued messages hold more bytes than this, no further one is read, nor a cancellation behind them. In one ordered stream, the messages before a cancellation have to be
    /// kept, run, refused or left unread. Keeping has no bound, running breaks <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>, refusing loses calls that only had to wait. So they
    /// are left unread. All other ends are noticed: the loss of the peer, the stop, and the deadline of each caller.
    /// </summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Memory of a queued message besides its bytes, about.</summary>
    private const int BytesOfEntry = 256;

    private readonly PostOfficeServer _server;
    private readonly MessageRunner _runner;
    private readonly PeerPresence _peer;
    private readonly HeldMessages _held = new(MaxBytes);
    private readonly HeldDrops _drops;

    /// <param name="server">The limits.</param>
    /// <param name="runner">Runs the messages.</param>
    /// <param name="peer">Whether they are still wanted.</param>
    public AdmissionQueue(PostOfficeServer server, MessageRunner runner, PeerPresence peer)
    {
        _server = server;
        _runner = runner;
        _peer = peer;
        _drops = new HeldDrops(server, runner, peer, _held);
    }

    /// <summary>How many wait.</summary>
    public int Count => _held.Count;

    /// <inheritdoc cref="HeldMessages.HasRoom"/>
    public bool HasRoom => _held.HasRoom;

    /// <inheritdoc cref="HeldMessages.WhenRoomAsync"/>
    public Task WhenRoomAsync() => _held.WhenRoomAsync();

    /// <inheritdoc cref="HeldMessages.Close"/>
    public void Close() => _held.Close();

    /// <summary>Takes a place for the message among the running calls, if there is one or it needs none.</summary>
    public bool TryAdmit(InboundMessage message) => _server.Slots is null || !message.TakesSlot || _server.Slots.TryEnter();

    /// <summary>Gives a place among the running calls back.</summary>
    public void LeaveSlot() => _server.Slots?.Leave();

    /// <summary>Queues a message; the loop goes on meanwhile.</summary>
    /// <param name="message">Belongs to the queue from now on.</param>
    /// <param name="bytes">Memory that it takes.</param>
    /// <param name="isAdmitted">It has its place, and begins as soon as the pool has a thread.</param>
    public void Enqueue(InboundMessage message, int bytes, bool isAdmitted)
    {
        HeldMessage held = new(this, message, bytes + BytesOfEntry);
        message.Place = held;
        _held.Add(held);
        if (isAdmitted)
        {
            held.Queue();
        }
        else
        {
            _server.Slots!.Enqueue(held);
        }

        // Pairs with the order in ServerConnection.Abort: either it finds the message in the queue, or its mark is seen here.
        if (_peer.IsLost && _drops.GetReasonNotToRun(held) is { } reason)
        {
            _drops.TryDrop(held, reason);
        }
    }

    /// <summary>Queues a message that counts already: while it was read, another thread took the loop over. <see langword="null"/>: nothing came of it that could run.</summary>
    public void EnqueueLate(InboundMessage? message, int bytes)
    {
        if (message is null)
        {
            _runner.Leave();
        }
        else
        {
            Enqueue(message, bytes, TryAdmit(message));
        }
    }

    /// <summary>The turn of a queued message has come. It has its place among the running calls.</summary>
    public void Begin(HeldMessage held, InboundMessage message)
    {
        _held.Leave(held);
        if (_drops.GetReasonNotToRun(held) is not { } reason)
        {
            _runner.RunQueued(message);
            return;
        }

        bool hasSlot = message.TakesSlot;
        _runner.Abandon(message, reason);
        if (hasSlot)
        {
            LeaveSlot();
        }
    }

    /// <summary>A message that was queued has ended.</summary>
    public void Forget(HeldMessage held) => _held.Forget(held);

    /// <summary>Withdraws a queued message. One that has begun is marked so (<see cref="HeldMessage.IsWithdrawn"/>).</summary>
    /// <returns>It was withdrawn, and answered.</returns>
    public bool TryWithdraw(UInt128 number) => _drops.TryWithdraw(number);

    /// <summary>The deadlines of some callers may have passed.</summary>
    public void DropOverdue() => _drops.DropOverdue();

    /// <summary>Ends queued messages without running them; their senders are told the reason.</summary>
    public void Drop(ErrorInfo reason, Func<HeldMessage, bool> which) => _drops.Drop(reason, which);
}
