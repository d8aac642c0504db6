using System.Net;
using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.PostOffice.Logging;
using Gaw.PostOffice.Scheduling;

namespace Gaw.PostOffice.Client;

/// <summary>
/// The connections of a client to one server. A .NET server answers as soon as a call is done, so one connection carries any number of calls;
/// it says so in its first answer. An original server answers one call of a connection after the other, so each call gets a connection of its
/// own, up to a limit, and waits for a free one beyond it. A server that has not answered yet is taken for an original one.
/// </summary>
/// <param name="open">Opens a connection; blocks. Its token fires when the pool is disposed.</param>
/// <param name="endPoint">The server, for messages.</param>
/// <param name="maxConnections">How many may be open at once.</param>
/// <param name="time">The clock of all waiting but that for a connect, which the system's sockets do.</param>
internal sealed class ConnectionPool(Func<ConnectionPool, CancellationToken, ClientConnection> open, EndPoint endPoint, int maxConnections, TimeProvider time) : IDisposable
{
    /// <summary>How long to wait for the first answer of a server, which tells its kind, before another connection is opened.</summary>
    private static readonly TimeSpan CapabilityProbe = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long to wait for it once no further connection may be opened, before a call is sent behind others: if they are slow and the server turns
    /// out to be an original one, it has to wait for them.
    /// </summary>
    private static readonly TimeSpan LongIntroduction = TimeSpan.FromSeconds(1);

    /// <summary>A caller waits so much longer than its time for a connect that is to end within it, whose failure says more.</summary>
    private static readonly TimeSpan ConnectSlack = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiters = new();
    private readonly CancellationTokenSource _disposing = new();
    private volatile ClientConnection[] _connections = [];
    private volatile Task<Exception?>? _opening;
    private volatile bool _disposed;
    private int _waiting;

    /// <summary>All connections that may be opened were, and for a while none has told the server's kind.</summary>
    private volatile bool _isSilent;

    /// <summary>Calls that are open on all connections.</summary>
    public int OpenCalls => _connections.Sum(static connection => connection.OpenCalls);

    /// <summary>The connection that a call would be sent on now; <see langword="null"/>: none has room.</summary>
    public ClientConnection? Next
    {
        get
        {
            foreach (ClientConnection connection in _connections)
            {
                if (connection.HasRoom)
                {
                    return connection;
                }
            }

            return null;
        }
    }

    /// <summary>What was learned last of a server at this address, on whichever connection; <see langword="null"/>: nothing.</summary>
    public object? Server
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>A connection is there that was not known to be lost.</summary>
    public bool IsConnected => _connections.Length > 0;

    /// <summary>A connection is there to which calls may be sent.</summary>
    public bool TakesCalls => Array.Exists(_connections, static connection => connection.TakesCalls);

    /// <summary>A connection is being opened.</summary>
    public bool IsOpening => _opening is not null;

    /// <summary>Calls that are open, and callers that wait for a connection.</summary>
    public int Load => OpenCalls + Volatile.Read(ref _waiting);

    /// <summary>The server has answered something, on this connection or an earlier one: it speaks Gaw, as this client does.</summary>
    public bool IsKnown
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Is told of each connection that was opened, and of each that could not be.</summary>
    public Action<bool>? OnOpened { get; set; }

    /// <summary>Sends a call on a connection that has room for it.</summary>
    /// <returns>The connection, or <see langword="null"/>: nothing was sent, the writer is still the caller's; ask for <see cref="WaitForCapacityAsync(PendingCall, TimeSpan, CancellationToken)"/>.</returns>
    public ClientConnection? TrySend(PendingCall call, JsonWriter message)
    {
        ClientConnection[] connections = _connections;
        foreach (ClientConnection connection in connections)
        {
            if (connection.IsUsable(call.SentAt) && connection.TrySend(call, message))
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

    /// <summary>Opens a connection where there is none and none is being opened, for nobody who waits for it.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            if (!_disposed && !TakesCalls)
            {
                Open();
            }
        }
    }

    /// <summary>Completes when it is worth trying to send again.</summary>
    /// <param name="call">The call that wants to be sent, for its deadline.</param>
    /// <param name="connectTime">How long it may wait for a connection to be opened.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns><see langword="true"/>: a connection was opened for it. Is it gone when the call comes, then the server has closed it.</returns>
    /// <exception cref="GawConnectionException">A connection was needed and could not be opened.</exception>
    /// <exception cref="TimeoutException">None was opened before the call's deadline, or all were busy so long.</exception>
    public async Task<bool> WaitForCapacityAsync(PendingCall call, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        using CancellationTokenSource expired = new(call.GetRest(time, time.GetTimestamp()), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        Interlocked.Increment(ref _waiting);
        try
        {
            return await WaitForCapacityAsync(connectTime, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfDisposed();
            throw new TimeoutException(IsConnected
                ? $"All connections were busy for CallTimeout ({DurationText.Of(call.Timeout)}), so the call was not sent: the server answers one call of a connection after the other. Raise MaxConnections ({maxConnections}) or CallTimeout."
                : $"No connection came about within CallTimeout ({DurationText.Of(call.Timeout)}), so the call was not sent. Can the server be reached in that time? Raise CallTimeout if it should be.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<bool> WaitForCapacityAsync(TimeSpan connectTime, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Exception?>? opening = null;
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
            await Task.WhenAny(waiter.Task, Task.Delay(below ? CapabilityProbe : LongIntroduction, time, cancellationToken)).ConfigureAwait(false);
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
            await Task.WhenAny(opening, waiter.Task).WaitAsync(connectTime == Timeout.InfiniteTimeSpan ? connectTime : connectTime + ConnectSlack, cancellationToken).ConfigureAwait(false);
            if (!opening.IsCompleted)
            {
                // Another connection has ended or become free, which is no reason to take this one for closed.
                return false;
            }

            if (await opening.ConfigureAwait(false) is { } failure)
            {
                ThrowIfDisposed();
                Throw(failure);
            }

            return true;
        }
        catch (TimeoutException e)
        {
            throw new GawConnectionException($"Cannot connect to {endPoint}: no connection came about within ConnectTimeout. Can the server be reached?", endPoint, CallExecution.NotRun, e);
        }
        finally
        {
            // Whoever makes room must not give it to one that does not wait any more.
            waiter.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>A connection has become free, or has turned out to take many calls at once. One that is still being opened has not.</summary>
    public void ReleaseWaiters(ClientConnection connection, bool forAll)
    {
        if (_connections.Contains(connection))
        {
            ReleaseWaiters(forAll);
        }
    }

    private void ReleaseWaiters(bool forAll)
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

        ReleaseWaiters(forAll: true);
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

        // Not on this thread: what hears of it may take its time, and this is the user's.
        _disposing.CancelAsync().Forget();

        foreach (ClientConnection connection in connections)
        {
            connection.Dispose();
        }

        ReleaseWaiters(forAll: true);
    }

    private bool MayWaitBehindOthers(ClientConnection[] connections) => _isSilent && HasUnknownKind(connections);

    /// <summary>One that ends since its server stops is none of those that may be open: the next server at the address is another.</summary>
    private bool IsBelowLimit(ClientConnection[] connections) => connections.Count(static connection => !connection.IsLeaving) < maxConnections;

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
    /// <returns>Never fails, since nobody may be left who looks: gives what has come in between.</returns>
    private Task<Exception?> Open()
    {
        if (_opening is { } opening)
        {
            return opening;
        }

        TaskCompletionSource<Exception?> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _opening = opened.Task;

        // On a thread of its own: a socket that is to block later must not be connected asynchronously.
        Background.Start(() => OpenOne(opened), "gaw connect");
        return opened.Task;
    }

    private void OpenOne(TaskCompletionSource<Exception?> opened)
    {
        ClientConnection? connection = null;
        Exception? failure = null;
        try
        {
            connection = open(this, _disposing.Token);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_gate)
        {
            // Together: as soon as a call can be sent there, whoever wants a connection wants a further one.
            _opening = null;
            if (connection is not null && !_disposed)
            {
                _connections = [.. _connections, connection];
            }
        }

        if (_disposed)
        {
            connection?.Dispose();
        }
        else
        {
            OnOpened?.Invoke(connection is not null);
        }

        if (connection is { IsClosed: true })
        {
            // As it may have been before it was one of these.
            Remove(connection);
        }

        opened.SetResult(failure);
        if (connection is not null)
        {
            ReleaseWaiters(forAll: true);
        }
    }

    /// <summary>For each of those that wait an exception of its own: they throw it at the same time.</summary>
    private static void Throw(Exception failure)
    {
        if (failure is GawConnectionException e)
        {
            throw new GawConnectionException(e.Message, e.EndPoint, e.Execution, e.InnerException);
        }

        ExceptionDispatchInfo.Throw(failure);
    }
}
