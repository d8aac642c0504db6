namespace Gaw.Benchmarks.Peers;

/// <summary>Everything that is compared.</summary>
internal static class AllPeers
{
    public const string Socket = "socket";
    public const string Multiplexed = "socket-multiplexed";
    public const string Gaw = "gaw";
    public const string GawDynamic = "gaw-dynamic";
    public const string GawCall = "gaw-call";
    public const string GawSigned = "gaw-signed";
    public const string GawEncrypted = "gaw-encrypted";
    public const string StreamJsonRpcJson = "streamjsonrpc-json";

    public static IReadOnlyList<Peer> List { get; } =
    [
        new BareSocketPeer(),
        new MultiplexedSocketPeer(),
        new GawPeer(Gaw),
        new GawPeer(GawDynamic, GawStyle.Dynamic),
        new GawPeer(GawCall, GawStyle.Call),
        new GawPeer(GawSigned, signs: true),
        new GawPeer(GawEncrypted, signs: true, encrypts: true),
        new StreamJsonRpcPeer(messagePack: false),
        new StreamJsonRpcPeer(messagePack: true),
        new GrpcPeer(),
        new HttpPeer(),
    ];

    public static Peer Find(string name) => List.FirstOrDefault(peer => peer.Name == name)
        ?? throw new ArgumentException($"There is no peer \"{name}\". Give one of {string.Join(", ", List.Select(static peer => peer.Name))}.");
}
