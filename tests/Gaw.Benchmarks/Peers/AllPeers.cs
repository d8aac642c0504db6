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
    public const string Grpc = "grpc";
    public const string SignalRMessagePack = "signalr-msgpack";
    public const string StreamJsonRpcJson = "streamjsonrpc-json";
    public const string StreamJsonRpcMessagePack = "streamjsonrpc-msgpack";
    public const string Orleans = "orleans";

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
        new SignalRPeer(messagePack: true),
        new OrleansPeer(),
        new HttpPeer(),
    ];

    /// <summary>Those whose results can be streams: some of <see cref="List"/>, and SignalR with JSON, which is compared in nothing else.</summary>
    public static IReadOnlyList<Peer> Streaming { get; } =
    [
        .. List.Where(static peer => peer.Name is Gaw or GawEncrypted or StreamJsonRpcJson or StreamJsonRpcMessagePack or Grpc or SignalRMessagePack),
        new SignalRPeer(messagePack: false),
    ];

    public static IEnumerable<Peer> All => List.Union(Streaming);

    /// <summary>Whether figures under this name are those of another kind of RPC. Those of an earlier build are not.</summary>
    public static bool IsRival(string name) => All.Any(peer => peer.Name == name && peer.IsRival);

    public static Peer Find(string name) => All.FirstOrDefault(peer => peer.Name == name)
        ?? throw new ArgumentException($"There is no peer \"{name}\". Give one of {string.Join(", ", All.Select(static peer => peer.Name))}.");
}
