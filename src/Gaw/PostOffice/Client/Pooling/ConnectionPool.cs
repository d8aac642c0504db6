using Gaw.Json;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>
/// The connections of a client to one server. A .NET server multiplexes: it answers as soon as a call is done, so one connection carries any number of calls. An original server is
/// sequential: it answers one call of a connection after the other, so each call gets a connection of its own (<see cref="PoolDecision"/>).
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PoolWaiters _waiters = new();
    private readonly ConnectionOpener _opener;
    private readonly int _maxConnections;

    /// <summary>Replaced as a whole under the gate, so that it can be read without it. The write pairs with each read: a set that is seen is whole.</summary>
    private volatile ConnectionSet _connections = ConnectionSet.Empty;

    /// <summary>Written under the gate, before connections are closed; pairs with the reads of callers whose call has failed by that.</summary>
    private volatile bool _isDisposed;
    private volatile bool _isRetired;

    /// <summary>
    /// Every connection that may be opened is open, and for a while none has shown the server's mode. Written under the gate; pairs with the read in <see cref="TrySend"/>, without the gate,
    /// by each call that finds no room. It decides again under the gate.
    /// </summary>
    private volatile bool _isSilent;

    /// <summary>The connection that ended last had grown old. Written before the connection leaves the set; pairs with the read in <see cref="WasClosedByServer"/>, which looks at the set first.</summary>
    private volatile bool _wasLeftOld;

    /// <param name="open">Opens a connection; blocks. Its token fires when the pool is disposed.</param>
    /// <param name="maxConnections">How many may be open at once.</param>
    public ConnectionPool(Func<ConnectionPool, CancellationToken, ClientConnection> open, int maxConnections)
    {
        _maxConnections = maxConnections;
        _opener = new ConnectionOpener(token => open(this, token), Settle, () => ReleaseWaiters(forAll: true));
    }

    /// <summary>The connections at this moment.</summary>
    public ConnectionSet Connections => _connections;

    /// <summary>There was a connection and is none any more, and it was not this side that found it too old.</summary>
    public bool WasClosedByServer => _connections.All.IsEmpty && !_wasLeftOld;

    /// <summary>What is known of the server at this address.</summary>
    public ServerRecord Record { get; } = new();

    /// <summary>A connection is being opened.</summary>
    public bool IsOpening => _opener.IsOpening;

    /// <summary>No further call is sent here: the server is none of its name's any more. <see langword="false"/> again: it is one once more. Calls that are open end as they do.</summary>
    public bool IsRetired
    {
        get => _isRetired;
        set
        {
            lock (_gate)
            {
                _isRetired = value;
            }

            LeaveIfRetired();
        }
    }

    /// <summary>Is told of each connection that was opened, and of each that could not be.</summary>
    public Action<bool>? OnOpened { get; set; }

    /// <summary>Sends a call on a connection that has room for it.</summary>
    /// <returns>The connection, or <see langword="null"/>: nothing was sent, the writer is still the caller's; ask <see cref="CapacityWait"/> when to try again.</returns>
    public ClientConnection? TrySend(PendingCall call, JsonWriter message)
    {
        foreach (ClientConnection connection in _connections.All)
        {
            if (connection.IsUsable(call.SentAt) && connection.TrySend(call, message))
            {
                return connection;
            }
        }

        if (_isSilent && Decide(TimeSpan.Zero).Step == PoolStep.QueueBehind
            && _connections.LeastLoaded is { } least && least.TrySend(call, message, behindOthers: true))
        {
            return least;
        }

        ThrowIfDisposed();
        return null;
    }

    /// <summary>Opens a connection where there is none and none is being opened, for nobody who waits for it.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            if (!_isDisposed && !_isRetired && !_connections.TakesCalls)
            {
                _opener.Open();
            }
        }
    }

    /// <summary>Decides what a call does next that found no room, and begins it.</summary>
    /// <param name="waiter">Completed when a connection becomes free.</param>
    /// <param name="waitedForMode">How long the call has waited for the server's mode; zero: it asks for the first time.</param>
    /// <param name="opening">The connection that it is to wait for: completes with what went wrong.</param>
    public PoolDecision Begin(TaskCompletionSource waiter, TimeSpan waitedForMode, out Task<Exception?>? opening)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            PoolDecision decision = Decide(waitedForMode);
            _isSilent |= decision.Step == PoolStep.QueueBehind;
            opening = decision.Step == PoolStep.Open ? _opener.Open() : null;

            // Under the same hold of the gate as the look at the facts: what frees a connection after the look finds the waiter.
            if (waitedForMode == TimeSpan.Zero && decision.Step is not (PoolStep.Send or PoolStep.QueueBehind))
            {
                _waiters.Add(waiter);
            }

            return decision;
        }
    }

    /// <summary>A connection has become free, or its server has turned out to multiplex. A connection that is still being opened frees nobody.</summary>
    public void ReleaseWaiters(ClientConnection connection, bool forAll)
    {
        if (_connections.All.Contains(connection))
        {
            ReleaseWaiters(forAll);
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(ClientConnection connection)
    {
        lock (_gate)
        {
            if (!_connections.All.Contains(connection))
            {
                // It was being opened; the thread that opens it tells those that wait.
                return;
            }

            _wasLeftOld = connection.State.IsOld;
            _connections = _connections.Without(connection);
        }

        ReleaseWaiters(forAll: true);
    }

    /// <summary>Closes all connections; callers that wait for one fail.</summary>
    public void Dispose()
    {
        ConnectionSet connections;
        lock (_gate)
        {
            _isDisposed = true;
            connections = _connections;
        }

        _opener.Dispose();
        foreach (ClientConnection connection in connections.All)
        {
            connection.Dispose();
        }

        ReleaseWaiters(forAll: true);
    }

    public void ThrowIfDisposed()
    {
        if (_isDisposed)
        {
            // Without the name of a class: which one the user has is known above.
            throw new ObjectDisposedException(null, "The client was disposed.");
        }
    }

    /// <summary>Also for a connection that was being opened when the server went.</summary>
    private void LeaveIfRetired()
    {
        if (!_isRetired)
        {
            return;
        }

        foreach (ClientConnection connection in _connections.All)
        {
            connection.Leave();
        }

        ReleaseWaiters(forAll: true);
    }

    private PoolDecision Decide(TimeSpan waitedForMode) => PoolDecision.Decide(_connections.GetFacts(_maxConnections, IsOpening, _isSilent, waitedForMode));

    private void ReleaseWaiters(bool forAll)
    {
        lock (_gate)
        {
            _waiters.Release(forAll);
        }
    }

    /// <summary>An attempt to open a connection has ended.</summary>
    private void Settle(ClientConnection? connection)
    {
        lock (_gate)
        {
            _opener.End();
            if (connection is not null && !_isDisposed)
            {
                connection.TakeIntoUse();
                _connections = _connections.With(connection);
            }
        }

        if (_isDisposed)
        {
            connection?.Dispose();
        }
        else
        {
            OnOpened?.Invoke(connection is not null);
        }

        LeaveIfRetired();
        if (connection is { State.IsClosed: true })
        {
            // It may have ended before it was one of these.
            Remove(connection);
        }
    }
}
