using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>A client, and so a connection, for each of many callers: what a program should not do, and some do.</summary>
internal sealed class OwnClientsScenario : ProbeScenario
{
    public const string TheName = "own-clients";

    private const int Callers = 64;

    public static readonly Figure Throughput = new("64 callers, 64 clients", "calls/s");
    public static readonly Figure Cpu = new("CPU", "µs/call", 1);

    public override string Name => TheName;

    public override string Title => "A client for each caller, await";

    protected override bool TakesPart(Peer peer) => AllPeers.List.Contains(peer) && peer.HasManyClients && peer.Name is not (AllPeers.Multiplexed or AllPeers.GawDynamic or AllPeers.GawCall);

    protected override IEnumerable<Probe> ProbesOf(Peer peer) =>
        [new Probe(new Order(Verb.LoadOnOwnClients, Callers: Callers), static measured => [(Throughput, measured.CallsPerSecond), (Cpu, measured.CpuMicrosecondsPerCall)])];
}
