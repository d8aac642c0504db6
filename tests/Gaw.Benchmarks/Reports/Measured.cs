using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Scenarios;

namespace Gaw.Benchmarks.Reports;

/// <summary>The medians of one number of CPUs, by what they mean. <see langword="null"/> where something was not measured.</summary>
internal sealed class Measured(Results results, Cpus cpus)
{
    public Cpus Cpus => cpus;

    public double? Threads => results.Median(cpus.Of(ThreadScenario.TheName), AllPeers.Gaw, ThreadScenario.Throughput);

    public double? AfterToBefore => results.Median(cpus.Of(AfterScenario.TheName), AllPeers.Gaw, AfterScenario.Ratio);

    public double? BesideStreams => results.Median(cpus.Of(StreamScenario.TheName), AllPeers.Gaw, StreamScenario.P99Beside);

    public double? RareItem => results.Median(cpus.Of(StreamScenario.TheName), AllPeers.Gaw, StreamScenario.RareMedian);

    public double? BestRivalsLoad => Rivals(LoadScenario.TheName).Max(Load);

    /// <summary>In whichever way to call they are faster.</summary>
    public double? BestRivalsMedian => Rivals(LatencyScenario.TheName).Min(Fastest);

    public double? Median(string peer, Way way) => results.Median(cpus.Of(LatencyScenario.TheName), peer, LatencyScenario.Median(way));

    public double? Fastest(string peer) => Enum.GetValues<Way>().Min(way => Median(peer, way));

    public double? P99(Way way) => results.Median(cpus.Of(LatencyScenario.TheName), AllPeers.Gaw, LatencyScenario.P99(way));

    public double? Allocated(Figure figure, string peer = AllPeers.Gaw) => results.Median(cpus.Of(LatencyScenario.TheName), peer, figure);

    public double? Load(string peer) => results.Median(cpus.Of(LoadScenario.TheName), peer, LoadScenario.Throughput(64));

    public double? LoadCpu(string peer) => results.Median(cpus.Of(LoadScenario.TheName), peer, LoadScenario.Cpu);

    public double? Echo(string peer, Figure figure) => results.Median(cpus.Of(EchoScenario.TheName), peer, figure);

    public double? BestRivalsEcho(Figure figure, string except = "") => Rivals(EchoScenario.TheName).Where(peer => peer != except).Min(peer => Echo(peer, figure));

    public double? Records(string peer) => results.Median(cpus.Of(StreamScenario.TheName), peer, StreamScenario.Throughput);

    private IEnumerable<string> Rivals(string scenario) => results.Peers(cpus.Of(scenario)).Where(AllPeers.IsRival);
}
