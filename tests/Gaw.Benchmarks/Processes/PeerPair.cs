using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Processes;

/// <summary>The server and the client of one peer, each in a process of its own.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private PeerPair(Peer peer, Cpus cpus, int port, ChildProcess server, ChildProcess client)
    {
        Peer = peer;
        Cpus = cpus;
        Port = port;
        Server = server;
        Client = client;
    }

    public Peer Peer { get; }

    public Cpus Cpus { get; }

    public int Port { get; }

    public ChildProcess Server { get; }

    public ChildProcess Client { get; }

    public static async Task<PeerPair> StartAsync(Peer peer, Cpus cpus)
    {
        ChildProcess server = ChildProcess.Start(cpus, peer.Program, ServerProgram.Command, peer.ServedAs);
        int port = int.Parse(await server.ReadLineAsync());
        return new PeerPair(peer, cpus, port, server, StartClient(peer, port, cpus));
    }

    /// <summary>A further client of the same server.</summary>
    public ChildProcess StartClient() => StartClient(Peer, Port, Cpus);

    /// <summary>Has the client do something, and tells what it cost both processes.</summary>
    public async Task<Measurement> MeasureAsync(Order order)
    {
        Usage before = await Server.UsageAsync();
        Run run = await Client.AskAsync<Run>(order);
        Usage after = await Server.UsageAsync();
        return new Measurement(run, after.AllocatedBytes - before.AllocatedBytes, after.CpuSeconds - before.CpuSeconds, run.CompiledMethods + after.CompiledMethods);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static ChildProcess StartClient(Peer peer, int port, Cpus cpus) => ChildProcess.Start(cpus, peer.Program, ClientProgram.Command, peer.ServedAs, port.ToString());
}

/// <summary>A run of the client, and what it cost the server meanwhile.</summary>
/// <param name="Run">What the client measured.</param>
/// <param name="ServerAllocated">Bytes that the server's process allocated.</param>
/// <param name="ServerCpuSeconds">CPU time that the server's process used.</param>
/// <param name="CompiledMethods">How often both processes have compiled a method since they began.</param>
internal sealed record Measurement(Run Run, long ServerAllocated, double ServerCpuSeconds, long CompiledMethods)
{
    public double CallsPerSecond => Run.Calls / Run.Seconds;

    public double ClientBytesPerCall => (double)Run.Allocated / Run.Calls;

    public double ServerBytesPerCall => (double)ServerAllocated / Run.Calls;

    public double MicrosecondsPerCall => Run.Seconds / Run.Calls * 1e6;

    /// <summary>CPU time of both processes.</summary>
    public double CpuMicrosecondsPerCall => (Run.CpuSeconds + ServerCpuSeconds) / Run.Calls * 1e6;

    /// <summary>CPU time of the client's process.</summary>
    public double ClientCpuMicrosecondsPerCall => Run.CpuSeconds / Run.Calls * 1e6;
}
