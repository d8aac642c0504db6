using System.Diagnostics;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>Further clients of one process: held, one for each caller, or made and disposed of again.</summary>
internal sealed class ManyClients(Peer peer, int port)
{
    private readonly List<PeerClient> _held = [];

    public PeerClient At(int caller) => _held[caller];

    /// <summary>Has at least so many clients, each of which has made a call.</summary>
    public Task OpenAsync(int count) => HoldAsync(count - _held.Count);

    public async Task<(long Calls, double Seconds)> HoldAsync(int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            PeerClient client = await peer.ConnectAsync(port);
            _held.Add(client);
            Callers.Check(peer.Ways[0] == Way.Sync ? client.Plus(1, 2) : await client.PlusAsync(1, 2));
        }

        return (count, CallTimes.ToSeconds(Stopwatch.GetTimestamp() - start));
    }

    /// <summary>A client for each caller's thread; when all have called, all are disposed.</summary>
    public (long Calls, double Seconds) ComeAndGo(Order order)
    {
        PeerClient[] clients = [.. Enumerable.Range(0, order.Callers).Select(_ => peer.ConnectAsync(port).AsTask().GetAwaiter().GetResult())];
        (long Calls, double Seconds) run = peer.Ways[0] == Way.Sync
            ? Callers.OnThreads(caller => clients[caller], order)
            : Callers.LoadAsync(caller => clients[caller], order).GetAwaiter().GetResult();
        Array.ForEach(clients, static client => client.DisposeAsync().AsTask().GetAwaiter().GetResult());
        return run;
    }
}
