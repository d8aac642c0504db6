using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>
/// Results and arguments that are streams: records as fast as one consumer takes them. Of Gaw also what a plain call takes meanwhile, and how long a rare item is on its way.
/// </summary>
internal sealed class StreamScenario : ProbeScenario
{
    public const string TheName = "stream";

    private const int ItemsOfAStream = 10_000;
    private const int Streams = 8;
    private const int RareItems = 20;

    public static readonly Figure Throughput = new("records", "k/s");
    public static readonly Figure AllocatedByClient = new("client allocates", "B/item");
    public static readonly Figure AllocatedByServer = new("server allocates", "B/item");
    public static readonly Figure Sent = new("records sent", "k/s");
    public static readonly Figure RareMedian = new("rare item p50", "µs");
    public static readonly Figure MedianBeside = new("call beside 8 streams p50", "µs");
    public static readonly Figure P99Beside = new("call beside 8 streams p99", "µs");

    public override string Name => TheName;

    public override string Title => "Streams of records, one consumer, await";

    protected override bool TakesPart(Peer peer) => AllPeers.Streaming.Contains(peer);

    protected override IEnumerable<Probe> ProbesOf(Peer peer)
    {
        yield return new Probe(new Order(Verb.Stream, Count: ItemsOfAStream), static measured =>
        [
            (Throughput, measured.CallsPerSecond / 1000),
            (AllocatedByClient, measured.ClientBytesPerCall),
            (AllocatedByServer, measured.ServerBytesPerCall),
        ]);
        if (peer.Program is not null)
        {
            // Builds before this one do not know the orders below.
            yield break;
        }

        yield return new Probe(new Order(Verb.SendStream, Count: ItemsOfAStream), static measured => [(Sent, measured.CallsPerSecond / 1000)]);
        if (peer.Name == AllPeers.Gaw)
        {
            yield return new Probe(new Order(Verb.Stamps, Count: RareItems), static measured => [(RareMedian, measured.Run.MedianMicroseconds)], WarmsUp: false);
            yield return new Probe(
                new Order(Verb.Beside, Callers: Streams),
                static measured => [(MedianBeside, measured.Run.MedianMicroseconds), (P99Beside, measured.Run.P99Microseconds)],
                WarmsUp: false,
                Times: 4);
        }
    }
}
