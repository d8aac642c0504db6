using Gaw.Benchmarks.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Gaw.Benchmarks.Peers;

/// <summary>SignalR over a WebSocket without negotiation, with MessagePack or JSON.</summary>
internal sealed class SignalRPeer(bool messagePack) : Peer
{
    public override string Name => messagePack ? AllPeers.SignalRMessagePack : "signalr-json";

    public override bool IsRival => true;

    public override IReadOnlyList<Way> Ways => [Way.Await];

    public override Task<PeerServer> ServeAsync() => WebHost.StartAsync(
        HttpProtocols.Http1,
        services =>
        {
            // One message of a megabyte, and what belongs to it; the default is 32 KiB.
            ISignalRServerBuilder signalR = services.AddSignalR(static options => options.MaximumReceiveMessageSize = 16 * 1024 * 1024);
            if (messagePack)
            {
                signalR.AddMessagePackProtocol();
            }
        },
        static application => application.MapHub<MathHub>("/math"));

    public override async ValueTask<PeerClient> ConnectAsync(int port)
    {
        IHubConnectionBuilder builder = new HubConnectionBuilder().WithUrl($"http://127.0.0.1:{port}/math", static options =>
        {
            options.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
        });
        HubConnection connection = (messagePack ? builder.AddMessagePackProtocol() : builder).Build();
        await connection.StartAsync();
        return new Client(connection);
    }

    private sealed class MathHub : Hub
    {
        public int Plus(int a, int b) => a + b;

        public string EchoText(string text) => text;

        public List<Item> EchoItems(List<Item> items) => items;

        public Dictionary<string, double> EchoScores(Dictionary<string, double> scores) => scores;

        public IAsyncEnumerable<Item> StreamItems(int count) => Payloads.Stream(count);

        public Task<int> CountItems(IAsyncEnumerable<Item> items) => PeerClient.CountAsync(items, Context.ConnectionAborted).AsTask();
    }

    private sealed class Client(HubConnection connection) : PeerClient
    {
        public override async ValueTask<int> PlusAsync(int a, int b) => await connection.InvokeAsync<int>("Plus", a, b);

        public override async ValueTask<string> EchoTextAsync(string text) => await connection.InvokeAsync<string>("EchoText", text);

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync() => Ends(await connection.InvokeAsync<List<Item>>("EchoItems", Payloads.Items));

        public override ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) =>
            Read(new(connection.InvokeAsync<Dictionary<string, double>>("EchoScores", scores)));

        public override ValueTask<int> StreamItemsAsync(int count, CancellationToken cancellationToken) => CountAsync(connection.StreamAsync<Item>("StreamItems", count, cancellationToken), cancellationToken);

        public override async ValueTask<int> SendItemsAsync(int count) => await connection.InvokeAsync<int>("CountItems", Payloads.Stream(count));

        public override ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
