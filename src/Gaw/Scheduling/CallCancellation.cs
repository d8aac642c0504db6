using Microsoft.Extensions.Logging;

namespace Gaw.Scheduling;

/// <summary>
/// Cancels tokens that code of the service listens to. Its callbacks run on the thread pool, never on the thread that cancels, and what they throw is logged: it ends
/// neither that thread nor the process.
/// </summary>
internal class CallCancellation : CancellationTokenSource
{
    private readonly ILogger _log;
    private readonly ITimer? _timer;

    /// <summary>Makes a source that cancels by itself.</summary>
    /// <param name="limit">After this time; <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is said what a callback has thrown.</param>
    public CallCancellation(TimeSpan limit, TimeProvider time, ILogger log)
    {
        _log = log;
        _timer = limit == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(static self => ((CallCancellation)self!).CancelSafely(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancels, unless it has just ended.</summary>
    public bool CancelSafely() => Cancel(this, _log);

    /// <summary>Cancels a source.</summary>
    /// <returns><see langword="false"/>: it was disposed.</returns>
    public static bool Cancel(CancellationTokenSource source, ILogger log)
    {
        try
        {
            Task running = source.CancelAsync();
            if (!running.IsCompletedSuccessfully)
            {
                LogFailureAsync(running, log).Forget();
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    private static async Task LogFailureAsync(Task running, ILogger log)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            log.CallbackThrew(e);
        }
    }
}
