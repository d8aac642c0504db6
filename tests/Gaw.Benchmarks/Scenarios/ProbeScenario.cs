using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>An order that a pair gets in each round.</summary>
/// <param name="Order">The order, but for how long.</param>
/// <param name="Read">The figures that its outcome has.</param>
/// <param name="WarmsUp">Calls of this kind are also made until their rate is steady, before the first round.</param>
/// <param name="Times">How many times as long as others it is measured.</param>
internal sealed record Probe(Order Order, Func<Measurement, IEnumerable<(Figure Figure, double Value)>> Read, bool WarmsUp = true, int Times = 1);

/// <summary>A scenario that consists of orders: warmed up peer by peer, then measured round by round.</summary>
internal abstract class ProbeScenario : Scenario
{
    /// <summary>How long the calls took to become steady, all kinds together.</summary>
    public static readonly Figure WarmUpTook = new("warm-up", "s", 1);

    public override async Task RunAsync(Field field, Results results)
    {
        IReadOnlyList<PeerPair> pairs = await field.GetAsync(AllPeers.All.Where(TakesPart));
        string key = KeyOn(field.Cpus);
        foreach (PeerPair pair in field.Options.Smoke ? [] : pairs)
        {
            double took = 0;
            foreach (Probe probe in ProbesOf(pair.Peer).Where(static probe => probe.WarmsUp))
            {
                took += await Field.WarmUpAsync(pair, probe.Order, Name);
            }

            results.Add(key, pair.Peer.Name, WarmUpTook, took);
        }

        await RoundsAsync(field.Options, pairs, async (pair, counts) =>
        {
            foreach (Probe probe in ProbesOf(pair.Peer))
            {
                Measurement measured = await pair.MeasureAsync(probe.Order with { Seconds = field.Options.Seconds * probe.Times });
                foreach ((Figure figure, double value) in counts ? probe.Read(measured) : [])
                {
                    results.Add(key, pair.Peer.Name, figure, value);
                }
            }
        });
    }

    protected abstract bool TakesPart(Peer peer);

    protected abstract IEnumerable<Probe> ProbesOf(Peer peer);
}
