using System.Net;
using Gaw.Logging;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>The callers of a client that wait for a connection: carries out what <see cref="PoolDecision"/> says of each.</summary>
/// <param name="pool">The connections.</param>
/// <param name="choice">Decides who gets one.</param>
/// <param name="endPoint">The server, for messages.</param>
/// <param name="maxConnections">How many may be open at once, for messages.</param>
/// <param name="time">The clock of all waiting but that for a connect, which the system's sockets do.</param>
internal sealed class CapacityWait(ConnectionPool pool, ConnectionChoice choice, EndPoint endPoint, int maxConnections, TimeProvider time)
{
    /// <summary>A caller waits so much longer than its time for a connect that is to end within it, whose failure says more.</summary>
    private static readonly TimeSpan ConnectSlack = TimeSpan.FromMilliseconds(250);

    /// <summary>A counter: the increment and the decrement pair with the read in <see cref="Count"/>, by those that choose a server.</summary>
    private int _waiting;

    /// <summary>How many callers wait.</summary>
    public int Count => Volatile.Read(ref _waiting);

    /// <summary>Completes when it is worth trying to send again.</summary>
    /// <param name="call">The call that wants to be sent, for its deadline.</param>
    /// <param name="connectTime">How long it may wait for a connection to be opened.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns><see langword="true"/>: a connection was opened for it. If it is gone when the call is sent, the server has closed it.</returns>
    /// <exception cref="GawConnectionException">A connection was needed and could not be opened.</exception>
    /// <exception cref="TimeoutException">None was opened before the call's deadline, or all were busy so long.</exception>
    public async Task<bool> WaitAsync(PendingCall call, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        using CancellationTokenSource expired = new(call.GetRest(time, time.GetTimestamp()), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        Interlocked.Increment(ref _waiting);
        try
        {
            return await WaitAsync(connectTime, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pool.ThrowIfDisposed();
            throw new TimeoutException(!pool.Connections.All.IsEmpty
                ? $"All connections were busy for CallTimeout ({DurationText.Of(call.Timeout)}), so the call was not sent: the server answers one call of a connection after the other. Raise MaxConnections ({maxConnections}) or CallTimeout."
                : $"No connection came about within CallTimeout ({DurationText.Of(call.Timeout)}), so the call was not sent. Can the server be reached in that time? Raise CallTimeout if it should be.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<bool> WaitAsync(TimeSpan connectTime, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // Some decisions need no waiting: a call that tries again and again has to meet its deadline here.
            cancellationToken.ThrowIfCancellationRequested();
            PoolDecision decision = choice.Begin(waiter, TimeSpan.Zero, out Task<Exception?>? opening);
            if (decision.Step == PoolStep.WaitForMode)
            {
                await Task.WhenAny(waiter.Task, Task.Delay(decision.ModeTime, time, cancellationToken)).ConfigureAwait(false);
                if (waiter.Task.IsCompleted)
                {
                    return false;
                }

                cancellationToken.ThrowIfCancellationRequested();
                decision = choice.Begin(waiter, decision.ModeTime, out opening);
            }

            if (decision.Step == PoolStep.WaitForCapacity)
            {
                await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return opening is not null && await WaitForConnectionAsync(opening, waiter.Task, connectTime, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Whoever frees a connection must not give it to a caller that does not wait any more.
            waiter.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task<bool> WaitForConnectionAsync(Task<Exception?> opening, Task released, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(opening, released).WaitAsync(connectTime == Timeout.InfiniteTimeSpan ? connectTime : connectTime + ConnectSlack, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new GawConnectionException($"Cannot connect to {endPoint}: no connection came about within ConnectTimeout. Can the server be reached?", endPoint, CallExecution.NotRun, e);
        }

        if (!opening.IsCompleted)
        {
            // Another connection has ended or become free, which is no reason to take this one for closed.
            return false;
        }

        if (await opening.ConfigureAwait(false) is { } failure)
        {
            pool.ThrowIfDisposed();
            ConnectFailure.Throw(failure);
        }

        return true;
    }
}
