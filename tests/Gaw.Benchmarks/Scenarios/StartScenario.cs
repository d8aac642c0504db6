using System.Diagnostics;
using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary>Processes that have just been started: a server until it listens, then a client until it has the first answer, which is the server's first, too.</summary>
internal sealed class StartScenario : Scenario
{
    public const string TheName = "start";

    public static readonly Figure Server = new("server's start to listening", "ms");
    public static readonly Figure Client = new("client's start to first answer", "ms");

    public override string Name => TheName;

    public override string Title => "Cold start";

    public override bool IsPlaced => false;

    public override async Task RunAsync(Field field, Results results)
    {
        CompareOptions options = field.Options;
        Peer[] peers = [.. options.Among(AllPeers.List.Where(static peer => peer.Name is AllPeers.Socket or AllPeers.Gaw or AllPeers.GawDynamic || peer.IsRival))];
        await RoundsAsync(options, peers, async (peer, counts) =>
        {
            long start = Stopwatch.GetTimestamp();
            await using ChildProcess server = ChildProcess.Start(field.Cpus, peer.Program, ServerProgram.Command, peer.ServedAs);
            string port = await server.ReadLineAsync();
            TimeSpan listening = Stopwatch.GetElapsedTime(start);

            start = Stopwatch.GetTimestamp();
            await using ChildProcess client = ChildProcess.Start(field.Cpus, peer.Program, ClientProgram.OnceCommand, peer.ServedAs, port);
            string answer = await client.ReadLineAsync();
            TimeSpan answered = Stopwatch.GetElapsedTime(start);
            if (answer != "3")
            {
                throw new InvalidOperationException($"The first answer of {peer.Name} was \"{answer}\".");
            }

            if (counts)
            {
                results.Add(Name, peer.Name, Server, listening.TotalMilliseconds);
                results.Add(Name, peer.Name, Client, answered.TotalMilliseconds);
            }
        });
    }
}
