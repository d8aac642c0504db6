using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Many callers that await on one client.</summary>
internal sealed class LoadScenario : ProbeScenario
{
    public const string TheName = "load";

    private const int Many = 64;

    public static readonly Figure Cpu = new("CPU at 64", "µs/call", 2);
    public static readonly Figure AllocatedByClient = new("client allocates at 64", "B/call");
    public static readonly Figure AllocatedByServer = new("server allocates at 64", "B/call");

    private static readonly Dictionary<int, Figure> ByCallers = new int[] { 1, 8, Many, 256 }.ToDictionary(static n => n, static n => new Figure(n == 1 ? "1 caller" : $"{n} callers", "calls/s"));

    public override string Name => TheName;

    public override string Title => "Callers on one client, await";

    public static Figure Throughput(int callers) => ByCallers[callers];

    /// <summary>A socket without multiplexing has one caller; Gaw's ways to write a call differ on the caller's side only, so one of them is enough.</summary>
    protected override bool TakesPart(Peer peer) => AllPeers.List.Contains(peer) && peer.Name is not (AllPeers.Socket or AllPeers.GawDynamic);

    protected override IEnumerable<Probe> ProbesOf(Peer peer) => ByCallers.Select(static pair => new Probe(
        new Order(Verb.Load, Callers: pair.Key),
        measured =>
        [
            (pair.Value, measured.CallsPerSecond),
            .. pair.Key == Many
                ? [(Cpu, measured.CpuMicrosecondsPerCall), (AllocatedByClient, measured.ClientBytesPerCall), (AllocatedByServer, measured.ServerBytesPerCall)]
                : Array.Empty<(Figure, double)>(),
        ],
        WarmsUp: pair.Key == Many));
}
