using Gaw.Scheduling;

namespace Gaw.JsonWeb.Client;

/// <summary>The end of a client, which every wait of its calls hears.</summary>
internal sealed class ClientLifetime(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _disposing = new();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The clock of the client's calls.</summary>
    public TimeProvider Time => time;

    /// <summary>Says the same as <see cref="Disposed"/>: who was woken by that one must find the client disposed.</summary>
    public bool IsDisposed => _disposed.Task.IsCompleted;

    /// <summary>Completes when the client is disposed, before pauses end.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Blocks between two attempts, until the client is disposed or the token fires at most.</summary>
    public void Pause(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause > TimeSpan.Zero)
        {
            using BlockingWait wait = BlockingWait.Enter();
            WaitHandle.WaitAny([cancellationToken.WaitHandle, _disposing.Token.WaitHandle], pause);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc cref="Pause"/>
    public async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        await Task.Delay(pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Pauses end, and no further attempt is made.</summary>
    public void Dispose()
    {
        _disposed.TrySetResult();
        _disposing.CancelAsync().Forget();
    }
}
