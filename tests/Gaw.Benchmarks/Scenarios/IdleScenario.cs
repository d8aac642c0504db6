using System.Globalization;
using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>
/// Connections on which nothing happens after one call: what the server's memory grows by, measured once, after a full collection of garbage on both
/// ends; and what they cost a client that works beside them, in rounds against a server that has none.
/// </summary>
internal sealed class IdleScenario : Scenario
{
    public const string TheName = "idle";

    /// <summary>What is compared here is nearly equal: shorter measurements differ by a third among themselves.</summary>
    private const double SecondsOfAMeasurement = 0.5;

    private const int Most = 10_000;
    private const int MostOfOthers = 1_000;
    public static readonly Figure Connections = new("connections", "");
    public static readonly Figure Memory = new("server memory each", "KiB", 1);
    public static readonly Figure Alone = new("64 callers without idle connections", "calls/s");
    public static readonly Figure Beside = new("64 callers beside idle connections", "calls/s");

    public override string Name => TheName;

    public override string Title => "Idle connections";

    public override bool IsPlaced => false;

    public override async Task RunAsync(Field field, Results results)
    {
        CompareOptions options = field.Options;
        foreach (Peer peer in options.Among(AllPeers.List.Where(static peer => peer.HasManyClients && (peer.Name == AllPeers.Gaw || peer.IsRival))))
        {
            int count = options.Smoke ? 20 : Math.Min(MostConnections(), peer.ServedAs == AllPeers.Gaw ? Most : MostOfOthers);
            await using PeerPair pair = await PeerPair.StartAsync(peer, field.Cpus);
            await pair.Client.AskAsync<Run>(new Order(Verb.Sequence, peer.Ways[0], options.Seconds));
            await using ChildProcess holder = pair.StartClient();
            Usage before = await pair.Server.AskAsync<Usage>(new Order(Verb.UsageAfterCollection));
            await holder.AskAsync<Run>(new Order(Verb.Hold, Count: count));
            Usage after = await pair.Server.AskAsync<Usage>(new Order(Verb.UsageAfterCollection));
            results.Add(Name, peer.Name, Connections, count);
            results.Add(Name, peer.Name, Memory, (after.ResidentBytes - before.ResidentBytes) / 1024.0 / count);
            if (peer.ServedAs == AllPeers.Gaw)
            {
                await using PeerPair alone = await PeerPair.StartAsync(peer, field.Cpus);
                await MeasureActiveAsync(alone, pair, options, results);
            }
        }
    }

    private async Task MeasureActiveAsync(PeerPair alone, PeerPair beside, CompareOptions options, Results results)
    {
        Order load = new(Verb.Load, Seconds: options.Smoke ? options.Seconds : Math.Max(options.Seconds, SecondsOfAMeasurement), Callers: 64);
        foreach (PeerPair pair in options.Smoke ? [] : new PeerPair[] { alone, beside })
        {
            await Field.WarmUpAsync(pair, load, Name);
        }

        await RoundsAsync(options, [(Alone, alone), (Beside, beside)], async (turn, counts) =>
        {
            (Figure figure, PeerPair pair) = turn;
            Measurement measured = await pair.MeasureAsync(load);
            if (counts)
            {
                results.Add(Name, pair.Peer.Name, figure, measured.CallsPerSecond);
            }
        });
    }

    /// <summary>What a process may open, less what it needs for itself. The runtime raises its soft limit to the hard one.</summary>
    private static int MostConnections()
    {
        const string Line = "Max open files";
        if (!File.Exists("/proc/self/limits"))
        {
            return MostOfOthers;
        }

        string[] words = File.ReadLines("/proc/self/limits").First(static line => line.StartsWith(Line, StringComparison.Ordinal))[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.TryParse(words[1], CultureInfo.InvariantCulture, out int hard) ? Math.Max(hard - 300, 100) : Most;
    }
}
