using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Results that are streams: records as fast as one consumer takes them, and of Gaw what a plain call takes meanwhile.</summary>
internal sealed class StreamScenario : Scenario
{
    public const string TheName = "stream";

    private const int ItemsOfAStream = 50_000;
    private const int Streams = 8;

    public static readonly Figure Throughput = new("records", "k/s");
    public static readonly Figure AllocatedByClient = new("client allocates", "B/item");
    public static readonly Figure AllocatedByServer = new("server allocates", "B/item");
    public static readonly Figure MedianBeside = new("call beside 8 streams p50", "µs");
    public static readonly Figure P99Beside = new("call beside 8 streams p99", "µs");

    public override string Name => TheName;

    public override string Title => "Streams of records, one consumer, await";

    public override async Task RunAsync(Field field, CompareOptions options, Results results)
    {
        IReadOnlyList<PeerPair> pairs = await field.GetAsync(AllPeers.Streaming);
        int items = options.Smoke ? 1000 : ItemsOfAStream;
        await RoundsAsync(options, pairs, async (pair, counts) =>
        {
            Measurement measured = await pair.MeasureAsync(new Order(Verb.Stream, Seconds: options.Seconds, Count: items));
            if (counts)
            {
                results.Add(Name, pair.Peer.Name, Throughput, measured.CallsPerSecond / 1000);
                results.Add(Name, pair.Peer.Name, AllocatedByClient, measured.ClientBytesPerCall);
                results.Add(Name, pair.Peer.Name, AllocatedByServer, measured.ServerBytesPerCall);
            }
        });
        await RoundsAsync(options, [.. pairs.Where(static pair => pair.Peer.Name == AllPeers.Gaw)], async (pair, counts) =>
        {
            Measurement measured = await pair.MeasureAsync(new Order(Verb.Beside, Seconds: options.Seconds * 4, Callers: Streams));
            if (counts)
            {
                results.Add(Name, pair.Peer.Name, MedianBeside, measured.Run.MedianMicroseconds);
                results.Add(Name, pair.Peer.Name, P99Beside, measured.Run.P99Microseconds);
            }
        });
    }
}
