using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>One caller, one call after the other: what a call takes, allocates and costs.</summary>
internal sealed class LatencyScenario(bool pinned) : Scenario
{
    public const string OneCpu = "latency-one-cpu";
    public const string Free = "latency";
    public static readonly Figure AllocatedByClient = new("client allocates", "B/call");
    public static readonly Figure AllocatedByServer = new("server allocates", "B/call");
    private static readonly Figure SyncMedian = new("sync p50", "µs", 1);
    private static readonly Figure SyncP99 = new("sync p99", "µs", 1);
    private static readonly Figure AwaitMedian = new("await p50", "µs", 1);
    private static readonly Figure AwaitP99 = new("await p99", "µs", 1);
    private static readonly Figure SyncCpu = new("CPU sync", "s/100k", 2);
    private static readonly Figure AwaitCpu = new("CPU await", "s/100k", 2);

    public override string Name => pinned ? OneCpu : Free;

    public override string Title => pinned
        ? "One caller, both processes tied to one CPU"
        : "One caller, both processes free on all CPUs";

    public static Figure Median(Way way) => way == Way.Sync ? SyncMedian : AwaitMedian;

    public static Figure P99(Way way) => way == Way.Sync ? SyncP99 : AwaitP99;

    public static Figure Cpu(Way way) => way == Way.Sync ? SyncCpu : AwaitCpu;

    public override async Task RunAsync(Field field, CompareOptions options, Results results)
    {
        IReadOnlyList<PeerPair> pairs = await field.GetAsync(AllPeers.List);
        await RoundsAsync(options, pairs, async (pair, counts) =>
        {
            foreach (Way way in pair.Peer.Ways)
            {
                Measurement measured = await pair.MeasureAsync(new Order(Verb.Sequence, way, options.Seconds));
                if (!counts)
                {
                    continue;
                }

                results.Add(Name, pair.Peer.Name, Median(way), measured.Run.MedianMicroseconds);
                results.Add(Name, pair.Peer.Name, P99(way), measured.Run.P99Microseconds);
                if (!pinned)
                {
                    results.Add(Name, pair.Peer.Name, Cpu(way), measured.CpuSecondsPer100000Calls);
                }

                if (!pinned && way == pair.Peer.Ways[0])
                {
                    results.Add(Name, pair.Peer.Name, AllocatedByClient, measured.ClientBytesPerCall);
                    results.Add(Name, pair.Peer.Name, AllocatedByServer, measured.ServerBytesPerCall);
                }
            }
        });
    }
}
