using System.Text.Json;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>The client process: makes the calls it is ordered to, and says how long they took.</summary>
internal static class ClientProgram
{
    public const string Command = "drive";

    /// <summary>A process that makes one call, says its result and ends: for measuring how long that takes.</summary>
    public const string OnceCommand = "once";

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
        ManyClients many = new(kind, port);
        CallTimes.Prepare();
        while (Console.ReadLine() is { } line)
        {
            Order order = JsonSerializer.Deserialize<Order>(line)!;
            if (order.Verb == Verb.LoadOnOwnClients)
            {
                many.OpenAsync(order.Callers).GetAwaiter().GetResult();
            }

            Usage before = Usage.Now();

            // Awaited calls end on a thread of the client's; the next order must not run there.
            (long calls, double seconds) = ObeyAsync(order, client, many).GetAwaiter().GetResult();
            Usage after = Usage.Now();
            (double median, double p99) = order.Verb is Verb.Sequence or Verb.Beside or Verb.Stamps ? CallTimes.Percentiles((int)calls) : default;
            Run run = new(calls, seconds, median, p99, after.AllocatedBytes - before.AllocatedBytes, after.CpuSeconds - before.CpuSeconds, after.CompiledMethods);
            Console.WriteLine(JsonSerializer.Serialize(run));
        }

        Environment.Exit(0);
        return 0;
    }

    private static Task<(long Calls, double Seconds)> ObeyAsync(Order order, PeerClient client, ManyClients many) => order.Verb switch
    {
        Verb.Sequence => order.Way == Way.Sync ? Task.FromResult(Callers.CallInSequence(client, order)) : Callers.CallInSequenceAsync(client, order),
        Verb.Load => Callers.LoadAsync(_ => client, order),
        Verb.LoadOnOwnClients => Callers.LoadAsync(many.At, order),
        Verb.Threads => Task.FromResult(Callers.OnThreads(_ => client, order)),
        Verb.ComeAndGo => Task.FromResult(many.ComeAndGo(order)),
        Verb.Echo => Echoes.RunAsync(client, order),
        Verb.Stream => Streams.TakeAsync(client, order),
        Verb.SendStream => Streams.SendAsync(client, order),
        Verb.Stamps => Streams.TakeStampsAsync(client, order),
        Verb.Beside => Streams.CallBesideAsync(client, order),
        Verb.Hold => many.HoldAsync(order.Count),
        _ => throw new InvalidOperationException($"A client does not know the order {order.Verb}."),
    };
}
