using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>One caller, one call after the other: what a call takes, allocates and costs.</summary>
internal sealed class LatencyScenario : ProbeScenario
{
    public const string TheName = "latency";
    public static readonly Figure AllocatedByClient = new("client allocates", "B/call");
    public static readonly Figure AllocatedByServer = new("server allocates", "B/call");
    private static readonly Figure SyncMedian = new("sync p50", "µs", 1);
    private static readonly Figure SyncP99 = new("sync p99", "µs", 1);
    private static readonly Figure SyncCpu = new("CPU sync", "µs/call", 1);
    private static readonly Figure AwaitMedian = new("await p50", "µs", 1);
    private static readonly Figure AwaitP99 = new("await p99", "µs", 1);
    private static readonly Figure AwaitCpu = new("CPU await", "µs/call", 1);

    public override string Name => TheName;

    public override string Title => "One caller";

    public static Figure Median(Way way) => way == Way.Sync ? SyncMedian : AwaitMedian;

    public static Figure P99(Way way) => way == Way.Sync ? SyncP99 : AwaitP99;

    protected override bool TakesPart(Peer peer) => AllPeers.List.Contains(peer);

    protected override IEnumerable<Probe> ProbesOf(Peer peer) => peer.Ways.Select(way => new Probe(new Order(Verb.Sequence, way), measured =>
    [
        (Median(way), measured.Run.MedianMicroseconds),
        (P99(way), measured.Run.P99Microseconds),
        (way == Way.Sync ? SyncCpu : AwaitCpu, measured.CpuMicrosecondsPerCall),
        .. way == peer.Ways[0] ? [(AllocatedByClient, measured.ClientBytesPerCall), (AllocatedByServer, measured.ServerBytesPerCall)] : Array.Empty<(Figure, double)>(),
    ]));
}
