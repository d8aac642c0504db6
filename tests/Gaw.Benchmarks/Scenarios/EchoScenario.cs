using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Larger values there and back, one call after the other. MB/s counts each value once: its text, or its compact JSON.</summary>
internal sealed class EchoScenario : Scenario
{
    public const string TheName = "echo";

    public static readonly Figure Items = new("1,000 objects", "MB/s", 1);

    private static readonly Dictionary<int, Figure> BySize = new()
    {
        [1024] = new("1 KiB text", "MB/s", 1),
        [64 * 1024] = new("64 KiB text", "MB/s", 1),
        [1024 * 1024] = new("1 MiB text", "MB/s", 1),
    };

    public override string Name => TheName;

    public override string Title => "Echo of larger values, one caller, await";

    public static Figure Text(int characters) => BySize[characters];

    public override async Task RunAsync(Field field, CompareOptions options, Results results)
    {
        IReadOnlyList<PeerPair> pairs = await field.GetAsync(AllPeers.List.Where(static peer =>
            peer.Name is AllPeers.Socket or AllPeers.Gaw or AllPeers.GawSigned or AllPeers.GawEncrypted || peer.IsRival));
        await RoundsAsync(options, pairs, async (pair, counts) =>
        {
            foreach ((int characters, Figure figure) in BySize)
            {
                Measurement measured = await pair.MeasureAsync(new Order(Verb.EchoText, Seconds: options.Seconds, Characters: characters));
                if (counts)
                {
                    results.Add(Name, pair.Peer.Name, figure, measured.CallsPerSecond * characters / 1e6);
                }
            }

            if (pair.Peer.Name != AllPeers.Socket)
            {
                Measurement measured = await pair.MeasureAsync(new Order(Verb.EchoItems, Seconds: options.Seconds));
                if (counts)
                {
                    results.Add(Name, pair.Peer.Name, Items, measured.CallsPerSecond * Payloads.ItemsBytes / 1e6);
                }
            }
        });
    }
}
