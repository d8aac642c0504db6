using System.Diagnostics;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>Results that are streams.</summary>
internal static class Streams
{
    public static async Task<(long Calls, double Seconds)> TakeAsync(PeerClient client, Order order)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        long items = 0;
        do
        {
            int got = await client.StreamItemsAsync(order.Count, CancellationToken.None);
            items += got == order.Count ? got : throw new InvalidOperationException($"A stream of {order.Count} items had {got}.");
        }
        while (Stopwatch.GetTimestamp() < end);
        return (items, CallTimes.ToSeconds(Stopwatch.GetTimestamp() - start));
    }

    /// <summary>Calls in sequence, beside as many streams as there are callers.</summary>
    public static async Task<(long Calls, double Seconds)> CallBesideAsync(PeerClient client, Order order)
    {
        using CancellationTokenSource source = new();
        Task[] streams = [.. Enumerable.Range(0, order.Callers).Select(_ => Task.Run(async () =>
        {
            try
            {
                await client.StreamItemsAsync(int.MaxValue, source.Token);
            }
            catch (OperationCanceledException)
            {
                // The calls are made.
            }
        }))];
        (long calls, double seconds) = await Callers.CallInSequenceAsync(client, order);
        await source.CancelAsync();
        await Task.WhenAll(streams);
        return (calls, seconds);
    }
}
