using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Scenarios;

namespace Gaw.Benchmarks.Reports;

/// <summary>What Gaw is to reach.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Value">Its value, <see langword="null"/> where a part of it was not measured.</param>
/// <param name="Limit">The goal.</param>
/// <param name="AtLeast">The value must not be below the goal; otherwise not above it.</param>
/// <param name="Unit">The unit; empty for a ratio.</param>
internal sealed record Goal(string Name, double? Value, double Limit, bool AtLeast = false, string Unit = "")
{
    public bool? IsMet => Value is { } value ? AtLeast ? value >= Limit : value <= Limit : null;
}

/// <summary>All goals, held against what was measured.</summary>
internal static class Goals
{
    public static IReadOnlyList<Goal> Of(Results results)
    {
        Figure sync = LatencyScenario.Median(Way.Sync);
        Figure awaited = LatencyScenario.Median(Way.Await);
        Figure at64 = LoadScenario.Throughput(64);
        Figure text64 = EchoScenario.Text(64 * 1024);
        double? oneCpu = results.Median(LatencyScenario.OneCpu, AllPeers.Gaw, sync);
        double? free = results.Median(LatencyScenario.Free, AllPeers.Gaw, sync);
        double? call = results.Median(ToolScenario.TheName, ToolScenario.GivenCall, ToolScenario.Duration) ?? results.Median(ToolScenario.TheName, ToolScenario.Call, ToolScenario.Duration);
        double? load = results.Median(LoadScenario.TheName, AllPeers.Gaw, at64);
        return
        [
            new("one caller, sync, one CPU: p50 to the bare socket's", oneCpu / results.Median(LatencyScenario.OneCpu, AllPeers.Socket, sync), 1.6),
            new("one caller, sync, one CPU: p50 to the best peer's", oneCpu / BestRival(results, LatencyScenario.OneCpu), 0.33),
            new("one caller, sync, free: p50 to the best bare socket's", free / Best(results, LatencyScenario.Free, [AllPeers.Socket, AllPeers.Multiplexed]), 1.3),
            new("one caller, sync, free: p50 to the best peer's", free / BestRival(results, LatencyScenario.Free), 0.6),
            new("dynamic, sync, one CPU: p50 to the typed client's", results.Median(LatencyScenario.OneCpu, AllPeers.GawDynamic, sync) / oneCpu, 1.1),
            new("dynamic, sync, free: p50 to the typed client's", results.Median(LatencyScenario.Free, AllPeers.GawDynamic, sync) / free, 1.1),
            new("one caller, await, one CPU: p50 to the best peer's", results.Median(LatencyScenario.OneCpu, AllPeers.Gaw, awaited) / BestRival(results, LatencyScenario.OneCpu), 0.45),
            new("one caller, await, free: p50 to the best peer's", results.Median(LatencyScenario.Free, AllPeers.Gaw, awaited) / BestRival(results, LatencyScenario.Free), 0.45),
            new("signed, sync, one CPU: p50 to plain", results.Median(LatencyScenario.OneCpu, AllPeers.GawSigned, sync) / oneCpu, 1.25),
            new("encrypted, sync, one CPU: p50 to plain", results.Median(LatencyScenario.OneCpu, AllPeers.GawEncrypted, sync) / oneCpu, 1.6),
            new("64 callers: calls/s to the best peer's", load / Rivals(results, LoadScenario.TheName).Max(peer => results.Median(LoadScenario.TheName, peer, at64)), 5, AtLeast: true),
            new("64 callers: calls/s to the bare multiplexed socket's", load / results.Median(LoadScenario.TheName, AllPeers.Multiplexed, at64), 0.5, AtLeast: true),
            new("one caller: client allocates", results.Median(LatencyScenario.Free, AllPeers.Gaw, LatencyScenario.AllocatedByClient), 200, Unit: "B/call"),
            new("one caller: server allocates", results.Median(LatencyScenario.Free, AllPeers.Gaw, LatencyScenario.AllocatedByServer), 200, Unit: "B/call"),
            new("64 callers: client allocates", results.Median(LoadScenario.TheName, AllPeers.Gaw, LoadScenario.AllocatedByClient), 200, Unit: "B/call"),
            new("64 callers: server allocates", results.Median(LoadScenario.TheName, AllPeers.Gaw, LoadScenario.AllocatedByServer), 200, Unit: "B/call"),
            new("64 KiB text: MB/s to StreamJsonRpc's with JSON", Ratio(results, EchoScenario.TheName, text64), 1.5, AtLeast: true),
            new("1,000 objects: MB/s to StreamJsonRpc's with JSON", Ratio(results, EchoScenario.TheName, EchoScenario.Items), 1.2, AtLeast: true),
            new("streams: records/s to gRPC's", results.Median(StreamScenario.TheName, AllPeers.Gaw, StreamScenario.Throughput) / results.Median(StreamScenario.TheName, AllPeers.Grpc, StreamScenario.Throughput), 1.5, AtLeast: true),
            new("streams: records/s to SignalR's with MessagePack", results.Median(StreamScenario.TheName, AllPeers.Gaw, StreamScenario.Throughput) / results.Median(StreamScenario.TheName, AllPeers.SignalRMessagePack, StreamScenario.Throughput), 1.5, AtLeast: true),
            new("a call beside 8 streams: p99", results.Median(StreamScenario.TheName, AllPeers.Gaw, StreamScenario.P99Beside) / 1000, 10, Unit: "ms"),
            new("server memory per idle connection", results.Median(IdleScenario.TheName, AllPeers.Gaw, IdleScenario.Memory), 10, Unit: "KiB"),
            new("64 callers beside idle connections: calls/s to those without", results.Median(IdleScenario.TheName, AllPeers.Gaw, IdleScenario.Beside) / results.Median(IdleScenario.TheName, AllPeers.Gaw, IdleScenario.Alone), 0.9, AtLeast: true),
            new("gaw call: start to exit to that of a hello-world program", call / results.Median(ToolScenario.TheName, ToolScenario.Hello, ToolScenario.Duration), 1.5),
        ];
    }

    private static double? Ratio(Results results, string scenario, Figure figure) =>
        results.Median(scenario, AllPeers.Gaw, figure) / results.Median(scenario, AllPeers.StreamJsonRpcJson, figure);

    /// <summary>The smallest p50 of the peers, in whichever way they are faster.</summary>
    private static double? BestRival(Results results, string scenario) => Best(results, scenario, Rivals(results, scenario));

    private static double? Best(Results results, string scenario, IEnumerable<string> peers) =>
        peers.SelectMany(static _ => Enum.GetValues<Way>(), (peer, way) => results.Median(scenario, peer, LatencyScenario.Median(way))).Min();

    private static IEnumerable<string> Rivals(Results results, string scenario) => results.Peers(scenario).Where(static peer => AllPeers.Find(peer).IsRival);
}
