using System.Diagnostics;
using Gaw.Tool.Commands;
using Gaw.Tool.Values;

namespace Gaw.Tool.Measuring;

/// <summary>Calls that give one value. Each caller waits for its answer; calls that are open at the end are waited for.</summary>
internal sealed class CallLoad(ServerAccess server, string path, CallArguments arguments, int callers) : Load(callers)
{
    public override string Unit => "calls";

    public override long Count => Calls;

    protected override Task<LatencyHistogram> CallAsync(CancellationToken ending) => IsAlone ? Task.FromResult(CallAlone(ending)) : CallTogetherAsync(ending);

    private async Task<LatencyHistogram> CallTogetherAsync(CancellationToken ending)
    {
        LatencyHistogram latencies = new();
        while (!ending.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await server.CallAsync<object?>(path, arguments.Args, arguments.Kwargs, CancellationToken.None).ConfigureAwait(false);
                latencies.Add(Stopwatch.GetTimestamp() - start);
                Note();
            }
            catch (Exception e) when (Note(e))
            {
                // Counted; the next call goes on.
            }
        }

        return latencies;
    }

    /// <summary>A lone caller has its own thread, as a program that calls without tasks has.</summary>
    private LatencyHistogram CallAlone(CancellationToken ending)
    {
        LatencyHistogram latencies = new();
        while (!ending.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                server.Client.Call<object?>(path, arguments.Args, arguments.Kwargs, server.Calls);
                latencies.Add(Stopwatch.GetTimestamp() - start);
                Note();
            }
            catch (Exception e) when (Note(e))
            {
                // Counted; the next call goes on.
            }
        }

        return latencies;
    }
}
