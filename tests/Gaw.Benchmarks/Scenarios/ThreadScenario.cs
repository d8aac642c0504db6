using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Many threads on one client, whose calls block.</summary>
internal sealed class ThreadScenario : ProbeScenario
{
    public const string TheName = "threads";

    private const int Threads = 64;

    public static readonly Figure Throughput = new("64 threads", "calls/s");
    public static readonly Figure Cpu = new("CPU", "µs/call", 1);

    public override string Name => TheName;

    public override string Title => "Threads on one client, whose calls block";

    /// <summary>A socket without multiplexing has one caller.</summary>
    protected override bool TakesPart(Peer peer) => AllPeers.List.Contains(peer) && peer.Ways.Contains(Way.Sync) && peer.Name is not (AllPeers.Socket or AllPeers.GawDynamic);

    protected override IEnumerable<Probe> ProbesOf(Peer peer) =>
        [new Probe(new Order(Verb.Threads, Way.Sync, Callers: Threads), static measured => [(Throughput, measured.CallsPerSecond), (Cpu, measured.CpuMicrosecondsPerCall)], Times: 2)];
}
