using System.Diagnostics;
using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>The pairs of processes that run on the same CPUs, one pair for each peer.</summary>
internal sealed class Field(Cpus cpus, CompareOptions options) : IAsyncDisposable
{
    private readonly Dictionary<string, PeerPair> _pairs = [];

    public Cpus Cpus => cpus;

    public CompareOptions Options => options;

    /// <summary>Calls as the order says, until <see cref="WarmUpPolicy"/> has no doubt or no time.</summary>
    /// <returns>How long that took, in seconds.</returns>
    public static async Task<double> WarmUpAsync(PeerPair pair, Order order, string scenario)
    {
        long start = Stopwatch.GetTimestamp();
        List<WarmUpWindow> windows = [];
        long compiled = 0;
        WarmUpStep step;
        do
        {
            Measurement measured = await pair.MeasureAsync(order with { Seconds = WarmUpPolicy.SecondsOfAWindow });
            windows.Add(new WarmUpWindow(measured.CallsPerSecond, measured.CompiledMethods - compiled));
            compiled = measured.CompiledMethods;
            step = WarmUpPolicy.Decide(windows, Stopwatch.GetElapsedTime(start));
        }
        while (step == WarmUpStep.Continue);
        if (step == WarmUpStep.OutOfTime)
        {
            await Console.Error.WriteLineAsync(
                $"{scenario}, {pair.Cpus.Name}: {pair.Peer.Name} is not steady after {WarmUpPolicy.Limit.TotalSeconds:N0} s of {order.Verb}: take its figures with care, and repeat the run.");
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public async Task<PeerPair> GetAsync(Peer peer)
    {
        if (!_pairs.TryGetValue(peer.Name, out PeerPair? pair))
        {
            _pairs[peer.Name] = pair = await PeerPair.StartAsync(peer, cpus);
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
}
