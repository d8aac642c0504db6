using System.Diagnostics;

namespace Gaw.Tool.Measuring;

/// <summary>The same call over and over, from a number of callers.</summary>
internal abstract class Load(int callers)
{
    private long _calls;
    private long _errors;
    private Exception? _firstError;

    /// <summary>What is counted, for a line that says how far the measurement is.</summary>
    public abstract string Unit { get; }

    /// <summary>How many of the <see cref="Unit"/> there were so far.</summary>
    public abstract long Count { get; }

    /// <summary>Calls that have ended well so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    protected bool IsAlone => callers == 1;

    /// <summary>Runs until the time is over or the token fires.</summary>
    public async Task<LoadResult> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(duration);
        long start = Stopwatch.GetTimestamp();
        LatencyHistogram[] all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(ending.Token), CancellationToken.None))).ConfigureAwait(false);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        LatencyHistogram latencies = new();
        foreach (LatencyHistogram one in all)
        {
            latencies.Add(one);
        }

        return new LoadResult(latencies, Calls, Count, elapsed, Interlocked.Read(ref _errors), _firstError);
    }

    /// <summary>One caller.</summary>
    /// <param name="ending">Fires when no further call is to begin.</param>
    /// <returns>How long each call took.</returns>
    protected abstract Task<LatencyHistogram> CallAsync(CancellationToken ending);

    /// <summary>A call has ended well.</summary>
    protected void Note() => Interlocked.Increment(ref _calls);

    /// <summary>An error of the service is a result; a server that is gone ends the measurement.</summary>
    protected bool Note(Exception exception)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, exception, null);
        return exception is GawRemoteException or TimeoutException;
    }
}

/// <summary>What a load came to.</summary>
/// <param name="Latencies">How long each call took; of streams, until the first items were there.</param>
/// <param name="Calls">Calls that ended well.</param>
/// <param name="Count">Items of streams; calls otherwise.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Errors">Calls that failed.</param>
/// <param name="FirstError">What the first of them failed with.</param>
internal sealed record LoadResult(LatencyHistogram Latencies, long Calls, long Count, TimeSpan Elapsed, long Errors, Exception? FirstError)
{
    public double PerSecond(long count) => count / Elapsed.TotalSeconds;
}
