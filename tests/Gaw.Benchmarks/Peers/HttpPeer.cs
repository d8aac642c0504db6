using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gaw.Benchmarks.Peers;

/// <summary>An ASP.NET minimal API, called by HttpClient with JSON over HTTP/1.1.</summary>
internal sealed class HttpPeer : Peer
{
    public override string Name => "http";

    public override bool IsRival => true;

    public override Task<PeerServer> ServeAsync() => WebHost.StartAsync(HttpProtocols.Http1, static _ => { }, static application =>
    {
        application.MapPost("/plus", static (Pair pair) => pair.A + pair.B);
        application.MapPost("/echo_text", static (Text text) => text);
        application.MapPost("/echo_items", static (List<Item> items) => items);
        application.MapPost("/echo_scores", static (Dictionary<string, double> scores) => scores);
    });

    public override ValueTask<PeerClient> ConnectAsync(int port) => new(new Client(new HttpClient(new SocketsHttpHandler
    {
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
    })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}"),
    }));

    internal sealed record Pair(int A, int B);

    internal sealed record Text(string Value);

    private sealed class Client(HttpClient http) : PeerClient
    {
        private static readonly MediaTypeHeaderValue Json = new("application/json");

        public override int Plus(int a, int b)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/plus")
            {
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Pair(a, b), JsonSerializerOptions.Web)) { Headers = { ContentType = Json } },
            };
            using HttpResponseMessage response = http.Send(request);
            return JsonSerializer.Deserialize<int>(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        }

        public override ValueTask<int> PlusAsync(int a, int b) => PostAsync<Pair, int>("/plus", new Pair(a, b));

        public override async ValueTask<string> EchoTextAsync(string text) => (await PostAsync<Text, Text>("/echo_text", new Text(text))).Value;

        public override async ValueTask<(int Count, string First, string Last)> EchoItemsAsync() =>
            Ends(await PostAsync<List<Item>, List<Item>>("/echo_items", Payloads.Items));

        public override ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) =>
            Read(PostAsync<Dictionary<string, double>, Dictionary<string, double>>("/echo_scores", scores));

        public override ValueTask DisposeAsync()
        {
            http.Dispose();
            return default;
        }

        private async ValueTask<TResult> PostAsync<TValue, TResult>(string path, TValue value)
        {
            using HttpResponseMessage response = await http.PostAsJsonAsync(path, value);
            return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TResult>())!;
        }
    }
}
