using System.Diagnostics;
using Gaw.Tool.Commands;
using Gaw.Tool.Values;

namespace Gaw.Tool.Measuring;

/// <summary>The same call over and over, from a number of callers that each wait for their answer.</summary>
internal sealed class Load(ServerAccess server, string path, CallArguments arguments, int callers)
{
    private long _calls;
    private long _errors;
    private Exception? _firstError;

    /// <summary>Calls that were answered so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Runs until the time is over or the token fires; calls that are open then are waited for.</summary>
    public async Task<LoadResult> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(duration);
        long start = Stopwatch.GetTimestamp();
        LatencyHistogram[] all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => callers == 1 ? CallAlone(ending.Token) : CallAsync(ending.Token), CancellationToken.None))).ConfigureAwait(false);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        LatencyHistogram latencies = new();
        foreach (LatencyHistogram one in all)
        {
            latencies.Add(one);
        }

        return new LoadResult(latencies, elapsed, Interlocked.Read(ref _errors), _firstError);
    }

    private async Task<LatencyHistogram> CallAsync(CancellationToken ending)
    {
        LatencyHistogram latencies = new();
        while (!ending.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await server.CallAsync<object?>(path, arguments.Args, arguments.Kwargs, CancellationToken.None).ConfigureAwait(false);
                latencies.Add(Stopwatch.GetTimestamp() - start);
                Interlocked.Increment(ref _calls);
            }
            catch (Exception e) when (Note(e))
            {
                // Counted; the next call goes on.
            }
        }

        return latencies;
    }

    /// <summary>A lone caller has its own thread, as a program that calls without tasks has.</summary>
    private Task<LatencyHistogram> CallAlone(CancellationToken ending)
    {
        LatencyHistogram latencies = new();
        while (!ending.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                server.Client.Call<object?>(path, arguments.Args, arguments.Kwargs, server.Calls);
                latencies.Add(Stopwatch.GetTimestamp() - start);
                Interlocked.Increment(ref _calls);
            }
            catch (Exception e) when (Note(e))
            {
                // Counted; the next call goes on.
            }
        }

        return Task.FromResult(latencies);
    }

    /// <summary>An error of the service is a result; a server that is gone ends the measurement.</summary>
    private bool Note(Exception exception)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, exception, null);
        return exception is GawRemoteException or TimeoutException;
    }
}

/// <summary>What a load came to.</summary>
internal sealed record LoadResult(LatencyHistogram Latencies, TimeSpan Elapsed, long Errors, Exception? FirstError);
