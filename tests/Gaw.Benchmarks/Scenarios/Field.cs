using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>
/// The pairs of processes that run, one for each peer, warmed up. A warm-up makes calls for a second in each way the peer can call, and longer
/// where that is not enough for thousands of them: the runtime compiles what is called often once more with what it has learned (its tier 1, 100 ms
/// after it saw the last new method). The first round of each scenario, which does not count, adds to it what is special there.
/// </summary>
internal sealed class Field(bool pinned, CompareOptions options) : IAsyncDisposable
{
    private const long FewestCalls = 5_000;
    private const int MostWarmUps = 4;

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

        foreach (Way way in pair.Peer.Ways)
        {
            long calls = 0;
            for (int i = 0; i < MostWarmUps && calls < FewestCalls; i++)
            {
                calls += (await pair.Client.AskAsync<Run>(new Order(Verb.Sequence, way, options.WarmUpSeconds))).Calls;
            }
        }
    }
}
