using Gaw.Scheduling;

namespace Gaw.PostOffice.Server.Draining;

/// <summary>The stop of a server: whoever asks for it first begins it, all wait for the same one, and what is left to do afterwards is done once it is over.</summary>
/// <param name="gate">Held while a stop begins, as while the server starts.</param>
/// <param name="stop">Stops it.</param>
/// <param name="hurry">Shortens the stop.</param>
internal sealed class StopOnce(Lock gate, Func<Task> stop, Action hurry)
{
    private Task? _stopped;

    /// <summary>Under the gate: it was asked for.</summary>
    public bool HasBegun => _stopped is not null;

    /// <summary>Begins the stop, unless it has begun.</summary>
    /// <param name="cancellationToken">Shortens it.</param>
    /// <returns>The end of the stop.</returns>
    public Task Begin(CancellationToken cancellationToken)
    {
        Task stopped;
        lock (gate)
        {
            stopped = _stopped ??= stop();
        }

        if (!stopped.IsCompleted && cancellationToken.CanBeCanceled)
        {
            HurryAsync(stopped, cancellationToken).Forget();
        }

        return stopped;
    }

    /// <summary>Ends what is needed until the stop is over: before it returns, unless a message of this server is what disposes it. Then the rest comes when that one is answered.</summary>
    /// <param name="stopping">What the caller waits for of the stop.</param>
    /// <param name="end">The rest.</param>
    public async ValueTask DisposeAsync(Task stopping, Func<Task> end)
    {
        await stopping.ConfigureAwait(false);
        Task ended = EndAsync(end);
        if (_stopped!.IsCompleted)
        {
            await ended.ConfigureAwait(false);
        }
        else
        {
            ended.Forget();
        }
    }

    private async Task EndAsync(Func<Task> end)
    {
        await _stopped!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end().ConfigureAwait(false);
    }

    private async Task HurryAsync(Task stopped, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static hurry => ((Action)hurry!)(), hurry);
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
