using System.Diagnostics;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>Callers of <c>plus(1, 2)</c>: one, several that await, several threads that block.</summary>
internal static class Callers
{
    public static (long Calls, double Seconds) CallInSequence(PeerClient client, Order order)
    {
        int most = Math.Min(order.Count, CallTimes.Most);
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        long now = start;
        int calls = 0;
        while (now < end && calls < most)
        {
            Check(client.Plus(1, 2));
            long after = Stopwatch.GetTimestamp();
            CallTimes.Keep(calls++, after - now);
            now = after;
        }

        return (calls, CallTimes.ToSeconds(now - start));
    }

    public static async Task<(long Calls, double Seconds)> CallInSequenceAsync(PeerClient client, Order order)
    {
        int most = Math.Min(order.Count, CallTimes.Most);
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        long now = start;
        int calls = 0;
        while (now < end && calls < most)
        {
            Check(await client.PlusAsync(1, 2));
            long after = Stopwatch.GetTimestamp();
            CallTimes.Keep(calls++, after - now);
            now = after;
        }

        return (calls, CallTimes.ToSeconds(now - start));
    }

    /// <param name="clientOf">The client of each caller.</param>
    /// <param name="order">How many callers, for how long.</param>
    public static async Task<(long Calls, double Seconds)> LoadAsync(Func<int, PeerClient> clientOf, Order order)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        int[] calls = await Task.WhenAll(Enumerable.Range(0, order.Callers).Select(caller => Task.Run(async () =>
        {
            PeerClient client = clientOf(caller);
            int made = 0;
            while (made < order.Count && Stopwatch.GetTimestamp() < end)
            {
                Check(await client.PlusAsync(1, 2));
                made++;
            }

            return made;
        })));
        return (calls.Sum(static made => (long)made), CallTimes.ToSeconds(Stopwatch.GetTimestamp() - start));
    }

    /// <summary>Threads of their own, which end with the run. What one throws, the run throws.</summary>
    public static (long Calls, double Seconds) OnThreads(Func<int, PeerClient> clientOf, Order order)
    {
        long calls = 0;
        Exception? failure = null;
        long start = Stopwatch.GetTimestamp();
        long end = start + CallTimes.ToTicks(order.Seconds);
        Thread[] threads = [.. Enumerable.Range(0, order.Callers).Select(caller => new Thread(() =>
        {
            try
            {
                PeerClient client = clientOf(caller);
                int made = 0;
                while (made < order.Count && Stopwatch.GetTimestamp() < end)
                {
                    Check(client.Plus(1, 2));
                    made++;
                }

                Interlocked.Add(ref calls, made);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return failure is null ? (calls, CallTimes.ToSeconds(Stopwatch.GetTimestamp() - start)) : throw new InvalidOperationException("A caller's thread failed.", failure);
    }

    public static void Check(int sum)
    {
        if (sum != 3)
        {
            throw new InvalidOperationException($"plus(1, 2) gave {sum}.");
        }
    }
}
