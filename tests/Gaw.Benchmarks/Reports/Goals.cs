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

/// <summary>All goals, held against what was measured. Those with times and rates were set on a virtual machine of two CPUs; on another one only the ratios tell something.</summary>
internal static class Goals
{
    public static IReadOnlyList<Goal> Of(Results results) =>
        [.. OnOneCpu(new Measured(results, Cpus.One)), .. OnTwoCpus(new Measured(results, Cpus.Two)), .. Everywhere(new Measured(results, Cpus.One)), .. Everywhere(new Measured(results, Cpus.Two)), .. Unplaced(results)];

    private static IEnumerable<Goal> OnOneCpu(Measured one) =>
    [
        new("1,000 objects, one CPU", one.Echo(AllPeers.Gaw, EchoScenario.Items), 240, Unit: "µs"),
        new("64 threads on one client, one CPU", one.Threads, 112_000, AtLeast: true, "calls/s"),
        new("64 callers, one CPU", one.Load(AllPeers.Gaw), 680_000, AtLeast: true, "calls/s"),
        new("one caller, one CPU: p50", one.Median(AllPeers.Gaw, Way.Sync), 17.3, Unit: "µs"),
        new("one caller, one CPU: p99 to p50", one.P99(Way.Sync) / one.Median(AllPeers.Gaw, Way.Sync), 1.8),
        new("one caller, one CPU: p50 to the bare socket's", one.Median(AllPeers.Gaw, Way.Sync) / one.Median(AllPeers.Socket, Way.Sync), 1.6),
        new("signed on top of plain, 64 callers, one CPU", one.LoadCpu(AllPeers.GawSigned) - one.LoadCpu(AllPeers.Gaw), 2.4, Unit: "µs"),
        new("encrypted on top of plain, 64 callers, one CPU", one.LoadCpu(AllPeers.GawEncrypted) - one.LoadCpu(AllPeers.Gaw), 4.2, Unit: "µs"),
        new("signed, one caller, one CPU: p50 to plain", one.Median(AllPeers.GawSigned, Way.Sync) / one.Median(AllPeers.Gaw, Way.Sync), 1.25),
        new("encrypted, one caller, one CPU: p50 to plain", one.Median(AllPeers.GawEncrypted, Way.Sync) / one.Median(AllPeers.Gaw, Way.Sync), 1.6),
    ];

    private static IEnumerable<Goal> OnTwoCpus(Measured two) =>
    [
        new("64 threads on one client, two CPUs", two.Threads, 74_000, AtLeast: true, "calls/s"),
        new("64 callers, two CPUs", two.Load(AllPeers.Gaw), 1_000_000, AtLeast: true, "calls/s"),
        new("64 callers, two CPUs: calls/s to the bare multiplexed socket's", two.Load(AllPeers.Gaw) / two.Load(AllPeers.Multiplexed), 0.5, AtLeast: true),
    ];

    private static IEnumerable<Goal> Everywhere(Measured all) =>
    [
        new($"1,000 objects, {all.Cpus.Name}: to the best peer's but gRPC's", all.Echo(AllPeers.Gaw, EchoScenario.Items) / all.BestRivalsEcho(EchoScenario.Items, AllPeers.Grpc), 1),
        new($"64 KiB text, {all.Cpus.Name}: to the best peer's", all.Echo(AllPeers.Gaw, EchoScenario.Text) / all.BestRivalsEcho(EchoScenario.Text), 1),
        new($"64 callers, {all.Cpus.Name}: calls/s to the best peer's", all.Load(AllPeers.Gaw) / all.BestRivalsLoad, 1.7, AtLeast: true),
        new($"one caller, {all.Cpus.Name}: p50 to the best peer's", all.Median(AllPeers.Gaw, Way.Sync) / all.BestRivalsMedian, 0.71),
        new($"dynamic, {all.Cpus.Name}: p50 to the typed client's", all.Median(AllPeers.GawDynamic, Way.Sync) / all.Median(AllPeers.Gaw, Way.Sync), 1.1),
        new($"64 KiB echo after 64 clients, {all.Cpus.Name}: to that before", all.AfterToBefore, 1.1),
        new($"one caller, {all.Cpus.Name}: server allocates", all.Allocated(LatencyScenario.AllocatedByServer), 32, Unit: "B/call"),
        new($"one caller, {all.Cpus.Name}: client allocates", all.Allocated(LatencyScenario.AllocatedByClient), 32, Unit: "B/call"),
        new($"streams, {all.Cpus.Name}: records/s to gRPC's", all.Records(AllPeers.Gaw) / all.Records(AllPeers.Grpc), 1.5, AtLeast: true),
        new($"streams, {all.Cpus.Name}: records/s to SignalR's with MessagePack", all.Records(AllPeers.Gaw) / all.Records(AllPeers.SignalRMessagePack), 1.5, AtLeast: true),
        new($"a rare item of a stream, {all.Cpus.Name}: p50", all.RareItem / 1000, 1, Unit: "ms"),
        new($"a call beside 8 streams, {all.Cpus.Name}: p99", all.BesideStreams / 1000, 10, Unit: "ms"),
    ];

    private static IEnumerable<Goal> Unplaced(Results results)
    {
        double? call = results.Median(ToolScenario.TheName, ToolScenario.GivenCall, ToolScenario.Duration) ?? results.Median(ToolScenario.TheName, ToolScenario.Call, ToolScenario.Duration);
        double? alone = results.Median(IdleScenario.TheName, AllPeers.Gaw, IdleScenario.Alone);
        return
        [
            new("server memory per idle connection", results.Median(IdleScenario.TheName, AllPeers.Gaw, IdleScenario.Memory), 10, Unit: "KiB"),
            new("64 callers beside idle connections: calls/s to those without", results.Median(IdleScenario.TheName, AllPeers.Gaw, IdleScenario.Beside) / alone, 0.9, AtLeast: true),
            new("gaw call: start to exit to that of a hello-world program", call / results.Median(ToolScenario.TheName, ToolScenario.Hello, ToolScenario.Duration), 1.5),
        ];
    }
}
