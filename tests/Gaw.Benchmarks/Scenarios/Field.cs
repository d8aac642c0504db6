using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>
/// The pairs of processes that run, one for each peer, warmed up. The runtime compiles what is called often once or twice more with what it has
/// learned, on a thread in the background; that goes on when the calls have ended, and would take the CPU from the pair that is measured then. So a
/// pair is warmed up until both its processes compile (almost) nothing any more, which they count themselves. The first rounds of each scenario,
/// which do not count, add what is special there.
/// </summary>
internal sealed class Field(bool pinned, CompareOptions options) : IAsyncDisposable
{
    private const int OrdersOfAStep = 20;
    private const double SecondsOfAnOrder = 0.015;
    private const int MostSteps = 25;

    /// <summary>What both processes may still compile in a step when they are warm: less than a hundredth of what they have, mostly not part of a call.</summary>
    private const int FewMethods = 30;

    private readonly Dictionary<string, PeerPair> _pairs = [];

    public async Task<PeerPair> GetAsync(Peer peer)
    {
        if (!_pairs.TryGetValue(peer.Name, out PeerPair? pair))
        {
            _pairs[peer.Name] = pair = await PeerPair.StartAsync(peer, pinned);
            await WarmUpAsync(pair);
        }

        return pair;
    }

    public async Task<IReadOnlyList<PeerPair>> GetAsync(IEnumerable<Peer> peers)
    {
        List<PeerPair> pairs = [];
        foreach (Peer peer in options.Among(peers))
        {
            pairs.Add(await GetAsync(peer));
        }

        return pairs;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerPair pair in _pairs.Values)
        {
            await pair.DisposeAsync();
        }
    }

    private async Task WarmUpAsync(PeerPair pair)
    {
        if (options.Smoke)
        {
            return;
        }

        long before = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            long compiled = await CallAsync(pair);
            if (compiled - before < FewMethods)
            {
                return;
            }

            before = compiled;
        }

        await Console.Error.WriteLineAsync($"The processes of {pair.Peer.Name} still compile after {MostSteps * OrdersOfAStep * SecondsOfAnOrder:N0} s of calls: take its figures with care, and repeat the run.");
    }

    /// <summary>A step of the warm-up: as many short orders as make the handling of orders itself something that is called often.</summary>
    /// <returns>How often both processes have compiled a method so far.</returns>
    private static async Task<long> CallAsync(PeerPair pair)
    {
        long compiled = 0;
        for (int i = 0; i < OrdersOfAStep; i++)
        {
            Way way = pair.Peer.Ways[i % pair.Peer.Ways.Count];
            Run run = await pair.Client.AskAsync<Run>(new Order(Verb.Sequence, way, SecondsOfAnOrder));
            compiled = run.CompiledMethods + (await pair.Server.UsageAsync()).CompiledMethods;
        }

        return compiled;
    }
}
