namespace Gaw.PostOffice.Client.Pooling;

/// <summary>The connections of a client to one server: opens them, and lets them go. Which call gets which is the business of <see cref="ConnectionChoice"/>.</summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly PoolWaiters _waiters = new();
    private readonly ConnectionOpener _opener;

    /// <summary>Replaced as a whole under the gate, so that it can be read without it. The write pairs with each read: a set that is seen is whole.</summary>
    private volatile ConnectionSet _connections = ConnectionSet.Empty;

    /// <summary>Written under the gate, before connections are closed; pairs with the reads of callers whose call has failed by that.</summary>
    private volatile bool _isDisposed;
    private volatile bool _isRetired;

    /// <summary>
    /// The connection that ended last had grown old. Written before the connection leaves the set; pairs
    /// with the read in <see cref="WasClosedByServer"/>, which looks at the set first.
    /// </summary>
    private volatile bool _wasLeftOld;

    /// <param name="open">Opens a connection; blocks. Its token fires when the pool is disposed.</param>
    public ConnectionPool(Func<ConnectionPool, CancellationToken, ClientConnection> open)
    {
        _opener = new ConnectionOpener(token => open(this, token), Settle, () => ReleaseWaiters(forAll: true));
    }

    /// <summary>Held for each change, and for a decision that must hold until it is carried out.</summary>
    public Lock Gate { get; } = new();

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
            lock (Gate)
            {
                _isRetired = value;
            }

            LeaveIfRetired();
        }
    }

    /// <summary>Is told of each connection that was opened, and of each that could not be.</summary>
    public Action<bool>? OnOpened { get; set; }

    /// <summary>Opens a connection where there is none and none is being opened, for nobody who waits for it.</summary>
    public void Prepare()
    {
        lock (Gate)
        {
            if (!_isDisposed && !_isRetired && !_connections.TakesCalls)
            {
                _opener.Open();
            }
        }
    }

    /// <summary>Under the gate: opens a connection, unless one is being opened.</summary>
    /// <returns>Completes with what went wrong.</returns>
    public Task<Exception?> Open() => _opener.Open();

    /// <summary>Under the gate: a caller waits for a connection to become free.</summary>
    public void AddWaiter(TaskCompletionSource waiter) => _waiters.Add(waiter);

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
        lock (Gate)
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
        lock (Gate)
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

    private void ReleaseWaiters(bool forAll)
    {
        lock (Gate)
        {
            _waiters.Release(forAll);
        }
    }

    /// <summary>An attempt to open a connection has ended.</summary>
    private void Settle(ClientConnection? connection)
    {
        lock (Gate)
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
