using System.Text.Json;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>The server process: says its port, then answers orders until its standard input ends.</summary>
internal static class ServerProgram
{
    public const string Command = "serve";

    public static int Run(string peer)
    {
        // Orders are waited for on the main thread: behind an await, the wait would keep a thread of the pool, and on one CPU the pool has one.
        PeerServer server = AllPeers.Find(peer).ServeAsync().GetAwaiter().GetResult();
        Console.WriteLine(server.Port);
        while (Console.ReadLine() is { } line)
        {
            Order order = JsonSerializer.Deserialize<Order>(line)!;
            if (order.Verb == Verb.UsageAfterCollection)
            {
                GC.Collect();
            }

            Console.WriteLine(JsonSerializer.Serialize(Usage.Now()));
        }

        // The process ends, and its connections with it: nobody waits for a peer's own way of stopping.
        Environment.Exit(0);
        return 0;
    }
}
