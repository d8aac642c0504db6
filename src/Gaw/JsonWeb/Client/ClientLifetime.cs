using Gaw.Scheduling;

namespace Gaw.JsonWeb.Client;

/// <summary>The end of a client, which every wait of its calls hears.</summary>
internal sealed class ClientLifetime(TimeProvider time) : IDisposable
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The clock of the client's calls.</summary>
    public TimeProvider Time => time;

    /// <summary>Says the same as <see cref="Disposed"/>.</summary>
    public bool IsDisposed => _disposed.Task.IsCompleted;

    /// <summary>Completes when the client is disposed.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Blocks between two attempts, until the client is disposed or the token fires at most.</summary>
    public void Pause(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause > TimeSpan.Zero)
        {
            using BlockingWait wait = BlockingWait.Enter();
            _disposed.Task.Wait(pause, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc cref="Pause"/>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => pause > TimeSpan.Zero ? WaitAsync(pause, cancellationToken) : Task.CompletedTask;

    /// <summary>Pauses end, and no further attempt is made.</summary>
    public void Dispose() => _disposed.TrySetResult();

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await _disposed.Task.WaitAsync(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
