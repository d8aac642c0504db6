using System.Net;
using System.Net.Sockets;
using Gaw.Benchmarks.Processes;
using StreamJsonRpc;

namespace Gaw.Benchmarks.Peers;

/// <summary>The calls, as StreamJsonRpc's proxies want them.</summary>
[JsonRpcContract]
public partial interface IJsonRpcMath : IDisposable
{
    Task<int> PlusAsync(int a, int b);

    Task<string> EchoTextAsync(string text);

    Task<List<Item>> EchoItemsAsync(List<Item> items);

    Task<Dictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores);

    IAsyncEnumerable<Item> StreamItemsAsync(int count, CancellationToken cancellationToken);

    Task<int> CountItemsAsync(IAsyncEnumerable<Item> items, CancellationToken cancellationToken);
}

/// <summary>
/// StreamJsonRpc over TCP without delay, with the faster of its JSON formatters (System.Text.Json) or with MessagePack, each behind the
/// message handler that its documentation gives it.
/// </summary>
internal sealed class StreamJsonRpcPeer(bool messagePack) : Peer
{
    public override string Name => messagePack ? AllPeers.StreamJsonRpcMessagePack : AllPeers.StreamJsonRpcJson;

    public override bool IsRival => true;

    public override IReadOnlyList<Way> Ways => [Way.Await];

    public override Task<PeerServer> ServeAsync()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start(512);
        Task accepting = AcceptAsync(listener);
        return Task.FromResult(new PeerServer(((IPEndPoint)listener.LocalEndpoint).Port, new Listening(listener, accepting)));
    }

    public override async ValueTask<PeerClient> ConnectAsync(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new Client(JsonRpc.Attach<IJsonRpcMath>(CreateHandler(socket)));
    }

    /// <summary>In batches, and ahead of their consumer: item by item it is a thirtieth as fast.</summary>
    private static IAsyncEnumerable<Item> Batched(int count) => Payloads.Stream(count).WithJsonRpcSettings(new JsonRpcEnumerableSettings { MinBatchSize = 100, MaxReadAhead = 100 });

    private IJsonRpcMessageHandler CreateHandler(Socket socket)
    {
        NetworkStream stream = new(socket, ownsSocket: true);
        return messagePack
            ? new LengthHeaderMessageHandler(stream, stream, new MessagePackFormatter())
            : new HeaderDelimitedMessageHandler(stream, stream, new SystemTextJsonFormatter());
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync();
                socket.NoDelay = true;
                JsonRpc rpc = new(CreateHandler(socket));
                rpc.AddLocalRpcTarget<IJsonRpcMath>(new Service(), null);
                rpc.StartListening();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private sealed class Service : IJsonRpcMath
    {
        public Task<int> PlusAsync(int a, int b) => Task.FromResult(a + b);

        public Task<string> EchoTextAsync(string text) => Task.FromResult(text);

        public Task<List<Item>> EchoItemsAsync(List<Item> items) => Task.FromResult(items);

        public Task<Dictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) => Task.FromResult(scores);

        public IAsyncEnumerable<Item> StreamItemsAsync(int count, CancellationToken cancellationToken) => Batched(count);

        public Task<int> CountItemsAsync(IAsyncEnumerable<Item> items, CancellationToken cancellationToken) => PeerClient.CountAsync(items, cancellationToken).AsTask();

        public void Dispose()
        {
        }
    }

    private sealed class Listening(TcpListener listener, Task accepting) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await accepting;
        }
    }

    private sealed class Client(IJsonRpcMath math) : PeerClient
    {
        public override ValueTask<int> PlusAsync(int a, int b) => new(math.PlusAsync(a, b));

        public override ValueTask<string> EchoTextAsync(string text) => new(math.EchoTextAsync(text));

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync() => Ends(await math.EchoItemsAsync(Payloads.Items));

        public override ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) => Read(new(math.EchoScoresAsync(scores)));

        public override ValueTask<int> StreamItemsAsync(int count, CancellationToken cancellationToken) => CountAsync(math.StreamItemsAsync(count, cancellationToken), cancellationToken);

        public override ValueTask<int> SendItemsAsync(int count) => new(math.CountItemsAsync(Batched(count), CancellationToken.None));

        public override ValueTask DisposeAsync()
        {
            math.Dispose();
            return default;
        }
    }
}
