using Gaw.Json;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>
/// Which call gets which connection. A .NET server multiplexes: it answers as soon as a call is done, so one connection carries any number of calls. An original server is
/// sequential: it answers one call of a connection after the other, so each call gets a connection of its own (<see cref="PoolDecision"/>).
/// </summary>
/// <param name="pool">The connections.</param>
/// <param name="maxConnections">How many may be open at once.</param>
internal sealed class ConnectionChoice(ConnectionPool pool, int maxConnections)
{
    /// <summary>
    /// Every connection that may be opened is open, and for a while none has shown the server's mode. Written under the gate; pairs with the read in <see cref="MayQueueBehind"/>, without the gate,
    /// by each call that finds no room. It decides again under the gate.
    /// </summary>
    private volatile bool _isSilent;

    /// <summary>A call may be sent where it perhaps has to wait for the replies to others.</summary>
    private bool MayQueueBehind => _isSilent && Decide(TimeSpan.Zero).Step == PoolStep.QueueBehind;

    /// <summary>Sends a call on a connection that has room for it.</summary>
    /// <returns>The connection, or <see langword="null"/>: nothing was sent, the writer is still the caller's; ask <see cref="CapacityWait"/> when to try again.</returns>
    public ClientConnection? TrySend(PendingCall call, JsonWriter message)
    {
        foreach (ClientConnection connection in pool.Connections.All)
        {
            if (connection.IsUsable(call.SentAt) && connection.TrySend(call, message))
            {
                return connection;
            }
        }

        if (MayQueueBehind && pool.Connections.LeastLoaded is { } least && least.TrySend(call, message, behindOthers: true))
        {
            return least;
        }

        pool.ThrowIfDisposed();
        return null;
    }

    /// <summary>The connection that <see cref="TrySend(PendingCall, JsonWriter)"/> would send a call on now, known to be alive; <see langword="null"/>: none.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    /// <exception cref="GawException">The peer has spoken before it was asked anything.</exception>
    public ClientConnection? FindUsable(long now) => pool.Connections.FindUsable(now) ?? (MayQueueBehind ? pool.Connections.LeastLoaded : null);

    /// <summary>Sends a call on this connection and no other.</summary>
    /// <returns><see langword="false"/>: it has no room; nothing was sent.</returns>
    public bool TrySend(ClientConnection connection, PendingCall call, JsonWriter message) =>
        connection.TrySend(call, message) || (MayQueueBehind && connection.TrySend(call, message, behindOthers: true));

    /// <summary>Decides what a call does next that found no room, and begins it.</summary>
    /// <param name="waiter">Completed when a connection becomes free.</param>
    /// <param name="waitedForMode">How long the call has waited for the server's mode; zero: it asks for the first time.</param>
    /// <param name="opening">The connection that it is to wait for: completes with what went wrong.</param>
    public PoolDecision Begin(TaskCompletionSource waiter, TimeSpan waitedForMode, out Task<Exception?>? opening)
    {
        lock (pool.Gate)
        {
            pool.ThrowIfDisposed();
            PoolDecision decision = Decide(waitedForMode);
            _isSilent |= decision.Step == PoolStep.QueueBehind;
            opening = decision.Step == PoolStep.Open ? pool.Open() : null;

            // Under the same hold of the gate as the look at the facts: what frees a connection after the look finds the waiter.
            if (waitedForMode == TimeSpan.Zero && decision.Step is not (PoolStep.Send or PoolStep.QueueBehind))
            {
                pool.AddWaiter(waiter);
            }

            return decision;
        }
    }

    private PoolDecision Decide(TimeSpan waitedForMode) => PoolDecision.Decide(pool.Connections.GetFacts(maxConnections, pool.IsOpening, _isSilent, waitedForMode));
}
