using System.Net;
using System.Net.Sockets;
using Gaw.Benchmarks.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gaw.Benchmarks.Peers;

/// <summary>The calls, as Orleans has them: of a grain.</summary>
public interface IMathGrain : IGrainWithIntegerKey
{
    ValueTask<int> Plus(int a, int b);

    ValueTask<string> EchoText(string text);

    ValueTask<List<Item>> EchoItems(List<Item> items);

    ValueTask<Dictionary<string, double>> EchoScores(Dictionary<string, double> scores);
}

/// <summary>Keeps nothing between calls, so the silo may have several at work, and each may take the next call before the last one ended.</summary>
[StatelessWorker]
[Reentrant]
public sealed class MathGrain : Grain, IMathGrain
{
    public ValueTask<int> Plus(int a, int b) => new(a + b);

    public ValueTask<string> EchoText(string text) => new(text);

    public ValueTask<List<Item>> EchoItems(List<Item> items) => new(items);

    public ValueTask<Dictionary<string, double>> EchoScores(Dictionary<string, double> scores) => new(scores);
}

/// <summary>Microsoft Orleans: one silo in the server's process, a cluster client in the other. Neither logs.</summary>
internal sealed class OrleansPeer : Peer
{
    private const int Attempts = 5;

    public override string Name => AllPeers.Orleans;

    public override bool IsRival => true;

    public override bool HasManyClients => false;

    public override IReadOnlyList<Way> Ways => [Way.Await];

    public override async Task<PeerServer> ServeAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            (int silo, int gateway) = FreePorts();
            IHost host = CreateHost(builder => builder.UseOrleans(orleans => orleans.UseLocalhostClustering(silo, gateway)));
            try
            {
                await host.StartAsync();
                return new PeerServer(gateway, (IAsyncDisposable)host);
            }
            catch (SocketException) when (attempt < Attempts)
            {
                // Somebody else took the port between our look and the silo's.
                await ((IAsyncDisposable)host).DisposeAsync();
            }
        }
    }

    public override async ValueTask<PeerClient> ConnectAsync(int port)
    {
        IHost host = CreateHost(builder => builder.UseOrleansClient(client => client.UseLocalhostClustering(port)));
        await host.StartAsync();
        return new Client(host);
    }

    private static IHost CreateHost(Action<HostApplicationBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        configure(builder);
        return builder.Build();
    }

    /// <summary>A silo takes no port 0.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        using TcpListener first = new(IPAddress.Loopback, 0);
        using TcpListener second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    private sealed class Client(IHost host) : PeerClient
    {
        private readonly IMathGrain _math = host.Services.GetRequiredService<IClusterClient>().GetGrain<IMathGrain>(0);

        public override ValueTask<int> PlusAsync(int a, int b) => _math.Plus(a, b);

        public override ValueTask<string> EchoTextAsync(string text) => _math.EchoText(text);

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync() => Ends(await _math.EchoItems(Payloads.Items));

        public override ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) => Read(_math.EchoScores(scores));

        public override ValueTask DisposeAsync() => ((IAsyncDisposable)host).DisposeAsync();
    }
}
