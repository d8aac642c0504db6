using System.Diagnostics;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Tool.Commands;
using Gaw.Tool.Values;

namespace Gaw.Tool.Measuring;

/// <summary>Calls that give a stream: each is read to its end, and made again. Those that are open at the end are left.</summary>
internal sealed class StreamLoad(ServerAccess server, string path, CallArguments arguments, int callers) : Load(callers)
{
    private long _items;

    public override string Unit => "items";

    public override long Count => Interlocked.Read(ref _items);

    protected override async Task<LatencyHistogram> CallAsync(CancellationToken ending)
    {
        LatencyHistogram latencies = new();
        while (!ending.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                using AnyResult result = await server.OpenAsync(path, arguments, server.Calls, ending).ConfigureAwait(false);
                latencies.Add(Stopwatch.GetTimestamp() - start);
                while (await result.NextAsync().ConfigureAwait(false) is { } items)
                {
                    Interlocked.Add(ref _items, items.Count);
                }

                Note();
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (Note(e))
            {
                // Counted; the next call goes on.
            }
        }

        return latencies;
    }
}
