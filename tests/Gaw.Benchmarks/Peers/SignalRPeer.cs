using Gaw.Benchmarks.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Gaw.Benchmarks.Peers;

/// <summary>SignalR over a WebSocket without negotiation, with MessagePack or JSON: a rival where results are streams.</summary>
internal sealed class SignalRPeer(bool messagePack) : Peer
{
    public override string Name => messagePack ? AllPeers.SignalRMessagePack : "signalr-json";

    public override bool IsRival => true;

    public override IReadOnlyList<Way> Ways => [Way.Await];

    public override Task<PeerServer> ServeAsync() => WebHost.StartAsync(
        HttpProtocols.Http1,
        services =>
        {
            ISignalRServerBuilder signalR = services.AddSignalR();
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

        public IAsyncEnumerable<Item> StreamItems(int count) => Payloads.Stream(count);
    }

    private sealed class Client(HubConnection connection) : PeerClient
    {
        public override async ValueTask<int> PlusAsync(int a, int b) => await connection.InvokeAsync<int>("Plus", a, b);

        public override ValueTask<int> StreamItemsAsync(int count, CancellationToken cancellationToken) => CountAsync(connection.StreamAsync<Item>("StreamItems", count, cancellationToken), cancellationToken);

        public override ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
