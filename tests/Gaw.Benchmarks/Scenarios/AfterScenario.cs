using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>
/// A large echo before 64 further clients have come to the same process, each with a caller of its own, and after they have gone: what a process that was busy once pays for
/// it from then on. Each round has new processes, warmed up. What the callers have made hot is compiled after they have gone, which slows the echo for the better part of a
/// second (without tiered compilation it does not); so the pair is warmed up again, and how long that takes is a figure.
/// </summary>
internal sealed class AfterScenario : Scenario
{
    public const string TheName = "after";

    private const int Clients = 64;
    private const int Times = 4;

    public static readonly Figure Before = new("before", "µs");
    public static readonly Figure After = new("after", "µs");
    public static readonly Figure SteadyAgain = new("steady again after", "s", 1);
    public static readonly Figure Ratio = new("after to before", "", 2);
    public static readonly Figure CpuBefore = new("client's CPU before", "µs/call");
    public static readonly Figure CpuAfter = new("client's CPU after", "µs/call");

    public override string Name => TheName;

    public override string Title => "Echo of 64 KiB before and after 64 clients in the same process";

    public override async Task RunAsync(Field field, Results results)
    {
        CompareOptions options = field.Options;
        Order echo = new(Verb.Echo, Seconds: options.Seconds * Times, Characters: 64 * 1024);
        Peer[] peers = [.. options.Among(AllPeers.List.Where(static peer => peer.HasManyClients && (peer.Name == AllPeers.Gaw || peer.IsRival)))];
        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (Peer peer in peers)
            {
                await using PeerPair pair = await PeerPair.StartAsync(peer, field.Cpus);
                await WarmUpAsync(pair, echo, options);
                Measurement before = await pair.MeasureAsync(echo);
                await pair.MeasureAsync(new Order(Verb.ComeAndGo, Seconds: options.Seconds * Times, Callers: Clients));
                double took = await WarmUpAsync(pair, echo, options);
                Measurement after = await pair.MeasureAsync(echo);
                Add(results, KeyOn(field.Cpus), peer.Name, before, after);
                results.Add(KeyOn(field.Cpus), peer.Name, SteadyAgain, took);
            }
        }
    }

    private async Task<double> WarmUpAsync(PeerPair pair, Order echo, CompareOptions options) => options.Smoke ? 0 : await Field.WarmUpAsync(pair, echo, Name);

    private static void Add(Results results, string key, string peer, Measurement before, Measurement after)
    {
        results.Add(key, peer, Before, before.MicrosecondsPerCall);
        results.Add(key, peer, After, after.MicrosecondsPerCall);
        results.Add(key, peer, Ratio, after.MicrosecondsPerCall / before.MicrosecondsPerCall);
        results.Add(key, peer, CpuBefore, before.ClientCpuMicrosecondsPerCall);
        results.Add(key, peer, CpuAfter, after.ClientCpuMicrosecondsPerCall);
    }
}
