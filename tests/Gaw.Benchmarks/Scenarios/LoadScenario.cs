using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Many callers that await on one client.</summary>
internal sealed class LoadScenario : Scenario
{
    public const string TheName = "load";

    public static readonly Figure Cpu = new("CPU at 64", "s/100k", 2);
    public static readonly Figure AllocatedByClient = new("client allocates at 64", "B/call");
    public static readonly Figure AllocatedByServer = new("server allocates at 64", "B/call");

    private static readonly Dictionary<int, Figure> ByCallers = new int[] { 1, 8, 64, 256 }.ToDictionary(static n => n, static n => new Figure(n == 1 ? "1 caller" : $"{n} callers", "calls/s"));

    public override string Name => TheName;

    public override string Title => "Callers on one client, await";

    public static Figure Throughput(int callers) => ByCallers[callers];

    public override async Task RunAsync(Field field, CompareOptions options, Results results)
    {
        // A socket without multiplexing has one caller; Gaw's ways to write a call differ on the caller's side only, so one of them is enough.
        IReadOnlyList<PeerPair> pairs = await field.GetAsync(AllPeers.List.Where(static peer => peer.Name is not (AllPeers.Socket or AllPeers.GawDynamic)));
        await RoundsAsync(options, pairs, async (pair, counts) =>
        {
            foreach ((int callers, Figure throughput) in ByCallers)
            {
                Measurement measured = await pair.MeasureAsync(new Order(Verb.Load, Seconds: options.Seconds, Callers: callers));
                if (!counts)
                {
                    continue;
                }

                results.Add(Name, pair.Peer.Name, throughput, measured.CallsPerSecond);
                if (callers == 64)
                {
                    results.Add(Name, pair.Peer.Name, Cpu, measured.CpuSecondsPer100000Calls);
                    results.Add(Name, pair.Peer.Name, AllocatedByClient, measured.ClientBytesPerCall);
                    results.Add(Name, pair.Peer.Name, AllocatedByServer, measured.ServerBytesPerCall);
                }
            }
        });
    }
}
