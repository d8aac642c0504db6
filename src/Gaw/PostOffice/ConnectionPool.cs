using Gaw.Json;

namespace Gaw.PostOffice;

/// <summary>
/// The connections of a client to one server. A .NET server answers as soon as a call is done, so one connection carries any number of calls;
/// it says so in its first answer. An original server answers one call of a connection after the other, so each call gets a connection of its
/// own, up to a limit, and waits for a free one beyond it. A server that has not answered yet is taken for an original one.
/// </summary>
internal sealed class ConnectionPool(Func<ConnectionPool, ClientConnection> open, int maxConnections, TimeProvider time) : IDisposable
{
    /// <summary>How long to wait for the first answer of a server, which tells its kind, before another connection is opened.</summary>
    private static readonly TimeSpan Introduction = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long to wait for it once no further connection may be opened, before a call is sent behind others: if they are slow and the server turns
    /// out to be an original one, it has to wait for them.
    /// </summary>
    private static readonly TimeSpan LongIntroduction = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiters = new();
    private volatile ClientConnection[] _connections = [];
    private Task? _opening;
    private bool _disposed;

    /// <summary>All connections that may be opened were, and for a while none has told the server's kind.</summary>
    private volatile bool _isSilent;

    /// <summary>Calls that are open on all connections.</summary>
    public int OpenCalls => _connections.Sum(static connection => connection.OpenCalls);

    /// <summary>What is known of the server on the first of the connections; <see langword="null"/>: nothing.</summary>
    public object? Server => _connections is [ClientConnection first, ..] ? first.Server : null;

    /// <summary>A connection is there that was not known to be lost.</summary>
    public bool IsConnected => _connections.Length > 0;

    /// <summary>Sends a call on a connection that has room for it.</summary>
    /// <returns>The connection, or <see langword="null"/>: nothing was sent, the writer is still the caller's; ask for <see cref="MakeRoomAsync(TimeSpan, CancellationToken)"/>.</returns>
    public ClientConnection? TrySend(OutboundCall call, JsonWriter message)
    {
        ClientConnection[] connections = _connections;
        foreach (ClientConnection connection in connections)
        {
            if (connection.IsUsable() && connection.TrySend(call, message))
            {
                return connection;
            }
        }

        if (MayWaitBehindOthers(connections))
        {
            // All have been busy with the first call of a server that has not told its kind: to wait behind one of them is no worse than here.
            ClientConnection? least = connections.Where(static connection => connection.TakesCalls).MinBy(static connection => connection.OpenCalls);
            if (least is not null && least.TrySend(call, message, behindOthers: true))
            {
                return least;
            }
        }

        ThrowIfDisposed();
        return null;
    }

    /// <summary>Completes when it is worth trying to send again.</summary>
    /// <returns><see langword="true"/>: a connection was opened for it. Is it gone when the call comes, then the server has closed it.</returns>
    /// <exception cref="GawConnectionException">A connection was needed and could not be opened.</exception>
    /// <exception cref="TimeoutException">None was opened within <paramref name="timeout"/>, or all were busy so long.</exception>
    public async Task<bool> MakeRoomAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource expired = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        try
        {
            return await MakeRoomAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException(IsConnected
                ? $"All connections were busy for CallTimeout ({timeout}), so the call was not sent: the server answers one call of a connection after the other. Raise MaxConnections ({maxConnections}) or CallTimeout."
                : $"No connection came about within CallTimeout ({timeout}), so the call was not sent. Can the server be reached in that time? Raise CallTimeout if it should be.");
        }
    }

    private async Task<bool> MakeRoomAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? opening = null;
        bool waitsForKind = false;
        bool below;
        lock (_gate)
        {
            ThrowIfDisposed();
            ClientConnection[] connections = _connections;
            if (connections.Any(static connection => connection.HasRoom) || MayWaitBehindOthers(connections))
            {
                return false;
            }

            below = IsBelowLimit(connections);
            if (_opening is not null || (below && (connections.Any(static connection => connection.IsInOrder) || !connections.Any(static connection => connection.TakesCalls))))
            {
                opening = Open();
            }
            else
            {
                waitsForKind = below || HasUnknownKind(connections);
            }

            _waiters.Enqueue(waiter);
        }

        if (waitsForKind)
        {
            await Task.WhenAny(waiter.Task, Task.Delay(below ? Introduction : LongIntroduction, time, cancellationToken)).ConfigureAwait(false);
            if (waiter.Task.IsCompleted)
            {
                return false;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                waiter.TrySetCanceled(CancellationToken.None);
                throw new OperationCanceledException(cancellationToken);
            }

            lock (_gate)
            {
                if (!IsBelowLimit(_connections))
                {
                    // All that may be opened are open, and perhaps none has told anything for long: then behind a call of them is a place as good as any.
                    _isSilent |= !below && HasUnknownKind(_connections);
                    waiter.TrySetCanceled(CancellationToken.None);
                    return false;
                }

                opening = Open();
            }
        }

        if (opening is null)
        {
            await WaitAsync(waiter, cancellationToken).ConfigureAwait(false);
            return false;
        }

        try
        {
            Task first = await Task.WhenAny(opening, waiter.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            return true;
        }
        finally
        {
            // Whoever makes room must not give it to one that does not wait any more.
            waiter.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>A connection has become free, or has turned out to take many calls at once. One that is still being opened has not.</summary>
    public void RoomMade(ClientConnection connection, bool forAll)
    {
        if (_connections.Contains(connection))
        {
            RoomMade(forAll);
        }
    }

    private void RoomMade(bool forAll)
    {
        lock (_gate)
        {
            while (_waiters.TryDequeue(out TaskCompletionSource? waiter))
            {
                if (waiter.TrySetResult() && !forAll)
                {
                    return;
                }
            }
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(ClientConnection connection)
    {
        lock (_gate)
        {
            if (!_connections.Contains(connection))
            {
                // It was being opened; who opens it tells those that wait.
                return;
            }

            _connections = [.. _connections.Where(other => other != connection)];
        }

        RoomMade(forAll: true);
    }

    /// <summary>Closes all connections; what waits for one fails.</summary>
    public void Dispose()
    {
        ClientConnection[] connections;
        lock (_gate)
        {
            _disposed = true;
            connections = _connections;
        }

        foreach (ClientConnection connection in connections)
        {
            connection.Dispose();
        }

        RoomMade(forAll: true);
    }

    private bool MayWaitBehindOthers(ClientConnection[] connections) => _isSilent && HasUnknownKind(connections);

    /// <summary>One that ends since its server stops is none of those that may be open: the next server at the address is another.</summary>
    private bool IsBelowLimit(ClientConnection[] connections) => connections.Count(static connection => !connection.IsRetiredByServer) < maxConnections;

    private bool HasUnknownKind(ClientConnection[] connections) =>
        !IsBelowLimit(connections)
        && connections.Any(static connection => connection.TakesCalls)
        && !connections.Any(static connection => connection.IsInOrder);

    private void ThrowIfDisposed()
    {
        if (_disposed)
        {
            // Without the name of a class: which one the user has is known above.
            throw new ObjectDisposedException(null, "The client was disposed.");
        }
    }

    private static async Task WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            waiter.TrySetCanceled(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Under the gate: opens one connection at a time, for all who want one at this moment.</summary>
    private Task Open() =>
        _opening ??= Task.Factory.StartNew(OpenOne, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>On a thread of its own: a socket that is to block later must not be connected asynchronously.</summary>
    private void OpenOne()
    {
        ClientConnection? connection = null;
        try
        {
            connection = open(this);
        }
        finally
        {
            lock (_gate)
            {
                // Together: as soon as a call can be sent there, whoever wants a connection wants a further one.
                _opening = null;
                if (connection is not null && !_disposed)
                {
                    _connections = [.. _connections, connection];
                }
            }
        }

        if (_disposed)
        {
            connection.Dispose();
        }

        if (connection.IsClosed)
        {
            // As it may have been before it was one of these.
            Remove(connection);
        }

        RoomMade(forAll: true);
    }
}
