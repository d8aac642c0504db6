using System.Diagnostics;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>Results and arguments that are streams.</summary>
internal static class Streams
{
    public static Task<(long Calls, double Seconds)> TakeAsync(PeerClient client, Order order) => RepeatAsync(order, count => client.StreamItemsAsync(count, CancellationToken.None));

    public static Task<(long Calls, double Seconds)> SendAsync(PeerClient client, Order order) => RepeatAsync(order, client.SendItemsAsync);

    /// <summary>Rare items: how long each is on its way. Both processes have the same clock.</summary>
    public static async Task<(long Calls, double Seconds)> TakeStampsAsync(PeerClient client, Order order)
    {
        long start = Stopwatch.GetTimestamp();
        int items = 0;
        await foreach (long stamp in client.StreamStamps(order.Count))
        {
            CallTimes.Keep(items++, Stopwatch.GetTimestamp() - stamp);
        }

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

    private static async Task<(long Calls, double Seconds)> RepeatAsync(Order order, Func<int, ValueTask<int>> streamAsync)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        long items = 0;
        do
        {
            int got = await streamAsync(order.Count);
            items += got == order.Count ? got : throw new InvalidOperationException($"A stream of {order.Count} items had {got}.");
        }
        while (Stopwatch.GetTimestamp() < end);
        return (items, CallTimes.ToSeconds(Stopwatch.GetTimestamp() - start));
    }
}
