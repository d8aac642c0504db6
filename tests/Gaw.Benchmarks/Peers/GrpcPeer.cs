using Gaw.Benchmarks.Peers.Grpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gaw.Benchmarks.Peers;

/// <summary>grpc-dotnet, unary calls over HTTP/2 without TLS, with its own generated types; further connections when one has 100 calls on it.</summary>
internal sealed class GrpcPeer : Peer
{
    private static readonly ItemList Items = new()
    {
        Items = { Payloads.Items.Select(item => new ItemMessage { Id = item.Id, Name = item.Name, Price = item.Price }) },
    };

    public override string Name => AllPeers.Grpc;

    public override bool IsRival => true;

    public override Task<PeerServer> ServeAsync() =>
        WebHost.StartAsync(HttpProtocols.Http2, services => services.AddGrpc(), application => application.MapGrpcService<Service>());

    public override ValueTask<PeerClient> ConnectAsync(int port) => new(new Client(GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10) },
        DisposeHttpClient = true,
    })));

    /// <summary>Makes sure that it is the item at this place of a stream.</summary>
    private static int Check(ItemMessage item, int place) => item.Id == place % Payloads.Items.Count ? 1 : throw new InvalidOperationException($"Item {place} of a stream is another one.");

    private sealed class Service : Grpc.Math.MathBase
    {
        public override Task<Number> Plus(Pair request, ServerCallContext context) => Task.FromResult(new Number { Value = request.A + request.B });

        public override Task<Text> EchoText(Text request, ServerCallContext context) => Task.FromResult(request);

        public override Task<ItemList> EchoItems(ItemList request, ServerCallContext context) => Task.FromResult(request);

        public override Task<Scores> EchoScores(Scores request, ServerCallContext context) => Task.FromResult(request);

        public override async Task StreamItems(Number request, IServerStreamWriter<ItemMessage> responseStream, ServerCallContext context)
        {
            for (int i = 0; i < request.Value; i++)
            {
                await responseStream.WriteAsync(Items.Items[i % Items.Items.Count]);
            }
        }

        public override async Task<Number> CountItems(IAsyncStreamReader<ItemMessage> requestStream, ServerCallContext context)
        {
            int got = 0;
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                got += Check(requestStream.Current, got);
            }

            return new Number { Value = got };
        }
    }

    private sealed class Client(GrpcChannel channel) : PeerClient
    {
        private readonly Grpc.Math.MathClient _math = new(channel);

        public override int Plus(int a, int b) => _math.Plus(new Pair { A = a, B = b }).Value;

        public override async ValueTask<int> PlusAsync(int a, int b) => (await _math.PlusAsync(new Pair { A = a, B = b })).Value;

        public override async ValueTask<string> EchoTextAsync(string text) => (await _math.EchoTextAsync(new Text { Value = text })).Value;

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync()
        {
            ItemList echoed = await _math.EchoItemsAsync(Items);
            return (echoed.Items.Count, echoed.Items[0].Name, echoed.Items[^1].Name);
        }

        public override async ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) =>
            new Dictionary<string, double>((await _math.EchoScoresAsync(new Scores { Values = { scores } })).Values);

        public override async ValueTask<int> StreamItemsAsync(int count, CancellationToken cancellationToken)
        {
            using AsyncServerStreamingCall<ItemMessage> call = _math.StreamItems(new Number { Value = count }, cancellationToken: cancellationToken);
            int got = 0;
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                got += Check(call.ResponseStream.Current, got);
            }

            return got;
        }

        public override async ValueTask<int> SendItemsAsync(int count)
        {
            using AsyncClientStreamingCall<ItemMessage, Number> call = _math.CountItems();
            for (int i = 0; i < count; i++)
            {
                await call.RequestStream.WriteAsync(Items.Items[i % Items.Items.Count]);
            }

            await call.RequestStream.CompleteAsync();
            return (await call).Value;
        }

        public override ValueTask DisposeAsync()
        {
            channel.Dispose();
            return default;
        }
    }
}
