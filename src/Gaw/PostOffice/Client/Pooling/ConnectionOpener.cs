using Gaw.Scheduling;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>Opens the connections of a pool, one at a time, for all who want one at that moment.</summary>
/// <param name="open">Opens a connection; blocks. Its token fires when the pool is disposed.</param>
/// <param name="settle">Gets the connection, or <see langword="null"/> where it failed, and calls <see cref="End"/> under the gate of the pool.</param>
/// <param name="opened">Is told of an opened one when those who wait for the attempt have been.</param>
internal sealed class ConnectionOpener(Func<CancellationToken, ClientConnection> open, Action<ClientConnection?> settle, Action opened) : IDisposable
{
    private readonly CancellationTokenSource _disposing = new();

    /// <summary>Written under the gate of the pool; pairs with the read in <see cref="IsOpening"/>, by those that choose a server.</summary>
    private volatile Task<Exception?>? _opening;

    /// <summary>A connection is being opened.</summary>
    public bool IsOpening => _opening is not null;

    /// <summary>Under the gate: begins an attempt, unless one is under way.</summary>
    /// <returns>Never fails, since nobody may be left who looks: completes with the exception.</returns>
    public Task<Exception?> Open()
    {
        if (_opening is { } opening)
        {
            return opening;
        }

        TaskCompletionSource<Exception?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _opening = done.Task;

        // On a thread of its own: a socket that is to block later must not be connected asynchronously.
        Background.Start(() => OpenOne(done), "gaw connect");
        return done.Task;
    }

    /// <summary>Under the gate, together with the entry of the connection: as soon as a call can be sent there, a caller that wants a connection wants a further one.</summary>
    public void End() => _opening = null;

    /// <summary>An attempt that is under way is given up. Not on this thread, which is the user's: a registration of the token may take its time.</summary>
    public void Dispose() => _disposing.CancelAsync().Forget();

    private void OpenOne(TaskCompletionSource<Exception?> done)
    {
        ClientConnection? connection = null;
        Exception? failure = null;
        try
        {
            connection = open(_disposing.Token);
        }
        catch (Exception e)
        {
            failure = e;
        }

        settle(connection);
        done.SetResult(failure);
        if (connection is not null)
        {
            opened();
        }
    }
}
