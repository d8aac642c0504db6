using System.Diagnostics;
using System.Text.Json;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>The client process: makes the calls it is ordered to, and says how long they took.</summary>
internal static class ClientProgram
{
    public const string Command = "drive";

    /// <summary>A process that makes one call, says its result and ends: for measuring how long that takes.</summary>
    public const string OnceCommand = "once";

    /// <summary>Room for the times of one run, taken beforehand.</summary>
    private static readonly long[] Times = new long[1 << 20];

    public static async Task<int> RunOnceAsync(string peer, int port)
    {
        Peer kind = AllPeers.Find(peer);
        PeerClient client = await kind.ConnectAsync(port);
        Console.WriteLine(kind.Ways[0] == Way.Sync ? client.Plus(1, 2) : await client.PlusAsync(1, 2));
        Environment.Exit(0);
        return 0;
    }

    public static int Run(string peer, int port)
    {
        Peer kind = AllPeers.Find(peer);
        PeerClient client = kind.ConnectAsync(port).AsTask().GetAwaiter().GetResult();
        List<PeerClient> held = [];
        Array.Clear(Times);
        while (Console.ReadLine() is { } line)
        {
            Order order = JsonSerializer.Deserialize<Order>(line)!;
            Usage before = Usage.Now();

            // Awaited calls end on a thread of the client's; the next order must not run there.
            (long calls, double seconds) = ObeyAsync(order, kind, port, client, held).GetAwaiter().GetResult();
            Usage after = Usage.Now();
            (double median, double p99) = order.Verb is Verb.Sequence or Verb.Beside ? Percentiles((int)calls) : default;
            Run run = new(calls, seconds, median, p99, after.AllocatedBytes - before.AllocatedBytes, after.CpuSeconds - before.CpuSeconds, after.CompiledMethods);
            Console.WriteLine(JsonSerializer.Serialize(run));
        }

        Environment.Exit(0);
        return 0;
    }

    private static Task<(long Calls, double Seconds)> ObeyAsync(Order order, Peer kind, int port, PeerClient client, List<PeerClient> held) => order.Verb switch
    {
        Verb.Sequence => order.Way == Way.Sync ? Task.FromResult(CallInSequence(client, order)) : CallInSequenceAsync(client, order),
        Verb.Load => LoadAsync(client, order),
        Verb.EchoText => EchoTextAsync(client, order),
        Verb.EchoItems => EchoItemsAsync(client, order),
        Verb.Stream => StreamAsync(client, order),
        Verb.Beside => CallBesideStreamsAsync(client, order),
        Verb.Hold => HoldAsync(kind, port, held, order.Count),
        _ => throw new InvalidOperationException($"A client does not know the order {order.Verb}."),
    };

    private static (long Calls, double Seconds) CallInSequence(PeerClient client, Order order)
    {
        int most = Math.Min(order.Count, Times.Length);
        long start = Stopwatch.GetTimestamp();
        long end = start + ToTicks(order.Seconds);
        long now = start;
        int calls = 0;
        while (now < end && calls < most)
        {
            Check(client.Plus(1, 2));
            long after = Stopwatch.GetTimestamp();
            Times[calls++] = after - now;
            now = after;
        }

        return (calls, ToSeconds(now - start));
    }

    private static async Task<(long Calls, double Seconds)> CallInSequenceAsync(PeerClient client, Order order)
    {
        int most = Math.Min(order.Count, Times.Length);
        long start = Stopwatch.GetTimestamp();
        long end = start + ToTicks(order.Seconds);
        long now = start;
        int calls = 0;
        while (now < end && calls < most)
        {
            Check(await client.PlusAsync(1, 2));
            long after = Stopwatch.GetTimestamp();
            Times[calls++] = after - now;
            now = after;
        }

        return (calls, ToSeconds(now - start));
    }

    private static async Task<(long Calls, double Seconds)> LoadAsync(PeerClient client, Order order)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + ToTicks(order.Seconds);
        int[] calls = await Task.WhenAll(Enumerable.Range(0, order.Callers).Select(_ => Task.Run(async () =>
        {
            int made = 0;
            while (made < order.Count && Stopwatch.GetTimestamp() < end)
            {
                Check(await client.PlusAsync(1, 2));
                made++;
            }

            return made;
        })));
        return (calls.Sum(static made => (long)made), ToSeconds(Stopwatch.GetTimestamp() - start));
    }

    private static async Task<(long Calls, double Seconds)> EchoTextAsync(PeerClient client, Order order)
    {
        string text = Payloads.Text(order.Characters);
        return await RepeatAsync(order, async () => await client.EchoTextAsync(text) == text);
    }

    private static Task<(long Calls, double Seconds)> EchoItemsAsync(PeerClient client, Order order) => RepeatAsync(order, async () =>
    {
        (int count, string first, string last) = await client.EchoItemsAsync();
        return count == Payloads.Items.Count && first == Payloads.Items[0].Name && last == Payloads.Items[^1].Name;
    });

    private static async Task<(long Calls, double Seconds)> RepeatAsync(Order order, Func<Task<bool>> echo)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + ToTicks(order.Seconds);
        long now = start;
        int calls = 0;
        while (now < end && calls < order.Count)
        {
            if (!await echo())
            {
                throw new InvalidOperationException("What came back is not what was sent.");
            }

            calls++;
            now = Stopwatch.GetTimestamp();
        }

        return (calls, ToSeconds(now - start));
    }

    private static async Task<(long Calls, double Seconds)> StreamAsync(PeerClient client, Order order)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + ToTicks(order.Seconds);
        long items = 0;
        do
        {
            int got = await client.StreamItemsAsync(order.Count, CancellationToken.None);
            items += got == order.Count ? got : throw new InvalidOperationException($"A stream of {order.Count} items had {got}.");
        }
        while (Stopwatch.GetTimestamp() < end);
        return (items, ToSeconds(Stopwatch.GetTimestamp() - start));
    }

    private static async Task<(long Calls, double Seconds)> CallBesideStreamsAsync(PeerClient client, Order order)
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
        (long calls, double seconds) = await CallInSequenceAsync(client, order);
        await source.CancelAsync();
        await Task.WhenAll(streams);
        return (calls, seconds);
    }

    private static async Task<(long Calls, double Seconds)> HoldAsync(Peer peer, int port, List<PeerClient> held, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            PeerClient client = await peer.ConnectAsync(port);
            held.Add(client);
            Check(peer.Ways[0] == Way.Sync ? client.Plus(1, 2) : await client.PlusAsync(1, 2));
        }

        return (count, ToSeconds(Stopwatch.GetTimestamp() - start));
    }

    private static (double Median, double P99) Percentiles(int calls)
    {
        Span<long> times = Times.AsSpan(0, calls);
        times.Sort();
        return (ToSeconds(times[calls / 2]) * 1e6, ToSeconds(times[(int)(calls * 0.99)]) * 1e6);
    }

    private static void Check(int sum)
    {
        if (sum != 3)
        {
            throw new InvalidOperationException($"plus(1, 2) gave {sum}.");
        }
    }

    private static long ToTicks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static double ToSeconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
