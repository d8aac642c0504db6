using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Larger values there and back, one call after the other.</summary>
internal sealed class EchoScenario : ProbeScenario
{
    public const string TheName = "echo";

    public static readonly Figure Text = new("64 KiB text", "µs");
    public static readonly Figure Thai = new("16 K characters of Thai", "µs");
    public static readonly Figure Items = new("1,000 objects", "µs");
    public static readonly Figure Scores = new("dictionary of 1,000 doubles", "µs");

    private static readonly (Figure Figure, Order Order)[] Values =
    [
        (new Figure("1 KiB text", "µs", 1), new Order(Verb.Echo, Characters: 1024)),
        (Text, new Order(Verb.Echo, Characters: 64 * 1024)),
        (new Figure("1 MiB text", "µs"), new Order(Verb.Echo, Characters: 1024 * 1024)),
        (Thai, new Order(Verb.Echo, Characters: 16 * 1024, Kind: EchoKind.Thai)),
        (Items, new Order(Verb.Echo, Kind: EchoKind.Items)),
        (Scores, new Order(Verb.Echo, Kind: EchoKind.Scores)),
    ];

    public override string Name => TheName;

    public override string Title => "Echo of larger values, one caller, await";

    protected override bool TakesPart(Peer peer) =>
        AllPeers.List.Contains(peer) && (peer.Name is AllPeers.Socket or AllPeers.Gaw or AllPeers.GawSigned or AllPeers.GawEncrypted || peer.IsRival);

    protected override IEnumerable<Probe> ProbesOf(Peer peer) => Values
        .Where(value => value.Order.Kind == EchoKind.Text || peer.Name != AllPeers.Socket)
        .Select(static value => new Probe(value.Order, measured => [(value.Figure, measured.MicrosecondsPerCall)], WarmsUp: value.Figure == Text || value.Order.Kind != EchoKind.Text));
}
