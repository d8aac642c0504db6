namespace Gaw.Benchmarks.Peers;

/// <summary>How the calls are written on a Gaw client.</summary>
internal enum GawStyle
{
    Typed,
    Dynamic,
    Call,
}

/// <summary>The calls that block, as a Gaw client writes them.</summary>
[Service("math")]
public interface IMath
{
    int Plus(int a, int b);

    string EchoText(string text);

    List<Item> EchoItems(List<Item> items);

    Dictionary<string, double> EchoScores(Dictionary<string, double> scores);

    IAsyncEnumerable<Item> StreamItems(int count, CancellationToken cancellationToken);

    Task<int> CountItemsAsync(IAsyncEnumerable<Item> items);

    IAsyncEnumerable<long> StreamStamps(int count, CancellationToken cancellationToken);
}

/// <summary>The same service's calls to be awaited.</summary>
[Service("math")]
public interface IMathAsync
{
    ValueTask<int> PlusAsync(int a, int b);

    ValueTask<string> EchoTextAsync(string text);

    ValueTask<List<Item>> EchoItemsAsync(List<Item> items);

    ValueTask<Dictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores);
}

/// <summary>The service of Gaw and of StreamJsonRpc.</summary>
public sealed class MathService : IMath
{
    public int Plus(int a, int b) => a + b;

    public string EchoText(string text) => text;

    public List<Item> EchoItems(List<Item> items) => items;

    public Dictionary<string, double> EchoScores(Dictionary<string, double> scores) => scores;

    public IAsyncEnumerable<Item> StreamItems(int count, CancellationToken cancellationToken) => Payloads.Stream(count);

    public Task<int> CountItemsAsync(IAsyncEnumerable<Item> items) => PeerClient.CountAsync(items, CancellationToken.None).AsTask();

    public IAsyncEnumerable<long> StreamStamps(int count, CancellationToken cancellationToken) => Payloads.Stamps(count, cancellationToken);
}

/// <summary>Gaw, over TCP as a program has it: no option but those of the protection and of the number of connections.</summary>
internal sealed class GawPeer(string name, GawStyle style = GawStyle.Typed, bool signs = false, bool encrypts = false) : Peer
{
    private static readonly Secret Key = Secret.FromBytes("a key for benchmarks, 32 bytes.."u8);

    public override string Name => name;

    public override async Task<PeerServer> ServeAsync()
    {
        GawServer server = new GawServer("127.0.0.1", 0, new GawServerOptions
        {
            Secret = signs || encrypts ? Key : null,
            Encrypt = encrypts,
            MaxConnections = 20_000,
        }).Add<MathService>();
        await server.StartAsync();
        return new PeerServer(server.LocalEndPoint.Port, server);
    }

    public override ValueTask<PeerClient> ConnectAsync(int port)
    {
        GawClient client = new("127.0.0.1", port, new GawClientOptions
        {
            Secret = signs || encrypts ? Key : null,
            Encrypt = encrypts,
            ConnectionLifetime = TimeSpan.FromMinutes(10),
        });
        return new(style switch
        {
            GawStyle.Dynamic => new DynamicClient(client),
            GawStyle.Call => new CallClient(client),
            _ => new TypedClient(client),
        });
    }

    private abstract class Client(GawClient client) : PeerClient
    {
        protected GawClient Gaw { get; } = client;

        public override ValueTask DisposeAsync() => Gaw.DisposeAsync();
    }

    private sealed class TypedClient(GawClient client) : Client(client)
    {
        private readonly IMath _math = client.For<IMath>();
        private readonly IMathAsync _mathAsync = client.For<IMathAsync>();

        public override int Plus(int a, int b) => _math.Plus(a, b);

        public override ValueTask<int> PlusAsync(int a, int b) => _mathAsync.PlusAsync(a, b);

        public override ValueTask<string> EchoTextAsync(string text) => _mathAsync.EchoTextAsync(text);

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync() => Ends(await _mathAsync.EchoItemsAsync(Payloads.Items));

        public override ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) => Read(_mathAsync.EchoScoresAsync(scores));

        public override ValueTask<int> StreamItemsAsync(int count, CancellationToken cancellationToken) => CountAsync(_math.StreamItems(count, cancellationToken), cancellationToken);

        public override async ValueTask<int> SendItemsAsync(int count) => await _math.CountItemsAsync(Payloads.Stream(count));

        public override IAsyncEnumerable<long> StreamStamps(int count) => _math.StreamStamps(count, CancellationToken.None);
    }

    private sealed class DynamicClient(GawClient client) : Client(client)
    {
        private readonly dynamic _rpc = client;

        public override int Plus(int a, int b) => _rpc.math.plus(a, b);

        public override async ValueTask<int> PlusAsync(int a, int b) => await _rpc.math.plusAsync(a, b);

        public override async ValueTask<string> EchoTextAsync(string text) => await _rpc.math.echo_textAsync(text);
    }

    private sealed class CallClient(GawClient client) : Client(client)
    {
        public override int Plus(int a, int b) => Gaw.Call<int>("math/plus", [a, b]);

        public override ValueTask<int> PlusAsync(int a, int b) => new(Gaw.CallAsync<int>("math/plus", [a, b]));

        public override ValueTask<string> EchoTextAsync(string text) => new(Gaw.CallAsync<string>("math/echo_text", [text]));

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync() => Ends(await Gaw.CallAsync<List<Item>>("math/echo_items", [Payloads.Items]));
    }
}
