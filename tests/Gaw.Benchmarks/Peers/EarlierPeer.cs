using Gaw.Benchmarks.Processes;

namespace Gaw.Benchmarks.Peers;

/// <summary>A peer as an earlier build of this program has it, so that a change is measured in turns with what was before it.</summary>
/// <param name="peer">The peer of this build.</param>
/// <param name="program">The earlier build's program.</param>
internal sealed class EarlierPeer(Peer peer, string program) : Peer
{
    public override string Name => $"{peer.Name} before";

    public override IReadOnlyList<Way> Ways => peer.Ways;

    public override bool HasManyClients => peer.HasManyClients;

    public override string Program => program;

    public override string ServedAs => peer.ServedAs;

    public override Task<PeerServer> ServeAsync() => throw Elsewhere();

    public override ValueTask<PeerClient> ConnectAsync(int port) => throw Elsewhere();

    private static NotSupportedException Elsewhere() => new("An earlier build serves and calls in its own processes.");
}
