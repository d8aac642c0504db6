using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>The server and the client of one peer, each in a process of its own.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private PeerPair(Peer peer, int port, ChildProcess server, ChildProcess client)
    {
        Peer = peer;
        Port = port;
        Server = server;
        Client = client;
    }

    public Peer Peer { get; }

    public int Port { get; }

    public ChildProcess Server { get; }

    public ChildProcess Client { get; }

    public static async Task<PeerPair> StartAsync(Peer peer, bool pinned)
    {
        ChildProcess server = ChildProcess.Start(pinned, ServerProgram.Command, peer.Name);
        int port = int.Parse(await server.ReadLineAsync());
        return new PeerPair(peer, port, server, StartClient(peer, port, pinned));
    }

    /// <summary>A further client of the same server.</summary>
    public ChildProcess StartClient(bool pinned = false) => StartClient(Peer, Port, pinned);

    /// <summary>Has the client do something, and tells what it cost both processes.</summary>
    public async Task<Measurement> MeasureAsync(Order order)
    {
        Usage before = await Server.UsageAsync();
        Run run = await Client.AskAsync<Run>(order);
        Usage after = await Server.UsageAsync();
        return new Measurement(run, after.AllocatedBytes - before.AllocatedBytes, after.CpuSeconds - before.CpuSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static ChildProcess StartClient(Peer peer, int port, bool pinned) => ChildProcess.Start(pinned, ClientProgram.Command, peer.Name, port.ToString());
}

/// <summary>A run of the client, and what it cost the server meanwhile.</summary>
internal sealed record Measurement(Run Run, long ServerAllocated, double ServerCpuSeconds)
{
    public double CallsPerSecond => Run.Calls / Run.Seconds;

    public double ClientBytesPerCall => (double)Run.Allocated / Run.Calls;

    public double ServerBytesPerCall => (double)ServerAllocated / Run.Calls;

    /// <summary>Of both processes.</summary>
    public double CpuSecondsPer100000Calls => (Run.CpuSeconds + ServerCpuSeconds) / Run.Calls * 100_000;
}
