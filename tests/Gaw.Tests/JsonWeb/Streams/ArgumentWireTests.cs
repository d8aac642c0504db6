using System.Globalization;
using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>Arguments that are streams as they stand on the wire: what a peer that makes mistakes gets, and what one gets that knows nothing of them.</summary>
public sealed class ArgumentWireTests
{
    private const string Mark = """{"_v": 0, "_t": "_gaw/stream"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a message is lost", "[2]", 3)]
    [InlineData("a message comes twice", "[1]", 1)]
    [InlineData("more is named than comes", "[]", 2)]
    [InlineData("a total is smaller than before", "[2]", 0)]
    public async Task Items_that_are_missing_or_come_twice_fail_the_methods_stream(string what, string items, int total)
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(Call(1, Mark));
        await peer.SendFrameAsync(Items(2, "1, 0, [1], [1, 1], null"));

        string? reply = await peer.AskAsync(Items(3, $"1, 0, {items}, [{total}, 9], null"));

        reply.Should().Contain("GawProtocolException", what).And.Contain("1 and");
        (await peer.AskAsync(Call(4, "[1, 2]"))).Should().Contain("\"2 and the end\"", "the connection is unharmed");
    }

    [Fact]
    public async Task A_peer_that_ignores_its_credit_fails_the_methods_stream()
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(Call(1, Mark));

        (await peer.AskAsync(Items(2, "1, 0, [1], [1, 100000000], null"))).Should().Contain("more of the argument items of taker/take than it was asked for");
    }

    [Theory]
    [InlineData("a list of many blanks", "[BLANKS1]", 1, 1)]
    [InlineData("items of no bytes", "[1, 2, 3]", 3, 2)]
    public async Task A_peer_that_says_less_of_its_items_than_they_are_fails_the_methods_stream(string what, string items, int sentItems, int sentBytes)
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(Call(1, Mark));

        string list = items.Replace("BLANKS", new string(' ', 1000), StringComparison.Ordinal);
        (await peer.AskAsync(Items(2, $"1, 0, {list}, [{sentItems}, {sentBytes}], null"))).Should().Contain("more of the argument items of taker/take than it was asked for", what);
    }

    [Fact]
    public async Task What_comes_behind_the_last_item_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(Call(1, Mark, "taker/slow"));
        await peer.SendFrameAsync(Items(2, "1, 0, [1, 2], [2, 4], true"));
        await peer.SendFrameAsync(Items(3, "1, 0, [3], [9, 9], null"));
        await peer.SendFrameAsync(Items(4, "1, 0, [], [2, 4], true"));
        await peer.AskAsync(Call(5, "[1]"));

        Taker.Goes.Release();

        (await peer.ReadFrameAsync()).Should().Contain("\"2 and the end\"");
    }

    [Fact]
    public async Task A_stream_in_a_request_whose_items_could_not_be_told_apart_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        (await peer.AskAsync(RawPeer.Request("1", "taker/take", Mark))).Should().Contain("TypeError").And.Contain("has not run");
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("\"a\"", "taker/take", Mark)))).Should().Contain("TypeError").And.Contain("has not run");
        (await peer.AskAsync(Call(2, "[1]"))).Should().Contain("\"1 and the end\"", "the connection is unharmed");
    }

    [Fact]
    public async Task A_stream_beyond_the_last_parameter_is_the_calls_mistake_and_is_not_asked_for_as_a_list()
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        (await peer.AskAsync(Call(1, $"[1], {Mark}"))).Should().Contain("TypeError").And.NotContain("\"streams\"");
        (await peer.AskAsync(Call(2, $"1, 2, {Mark}", "taker/rest"))).Should().Contain("\"success\": false").And.EndWith("\"meta\": {\"streams\": 1}}", "a params parameter takes it as a list");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("\"1\", 0, [1], [1, 1], null")]
    [InlineData("99, 0, [1], [1, 1], null")]
    [InlineData("1, 7, [1], [1, 1], null")]
    [InlineData("1, 8, [1], [1, 1], null")]
    [InlineData("1, -1, [1], [1, 1], null")]
    [InlineData("1, 1000000000000000000000000000000, [1], [1, 1], null")]
    [InlineData("1, 0, {}, [1, 1], null")]
    [InlineData("1, 0, [1], [1], null")]
    [InlineData("1, 0, [1], [-1, 1], null")]
    [InlineData("1, 0, [1], [1, 1]")]
    [InlineData("1, 0, [1], 5, null")]
    [InlineData("null, null, null, null, null")]
    public async Task A_message_that_is_none_changes_nothing(string arguments)
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(Call(1, Mark));
        await peer.SendFrameAsync(Items(2, arguments));
        if (arguments.Length == 0)
        {
            (await peer.ReadFrameAsync()).Should().Contain("\"streams\": 1", "that is the question");
        }

        (await peer.AskAsync(Items(3, "1, 0, [5], [1, 1], true"))).Should().Contain("\"1 and the end\"");
    }

    [Theory]
    [InlineData("{\"_v\": 8, \"_t\": \"_gaw/stream\"}")]
    [InlineData("{\"_v\": -1, \"_t\": \"_gaw/stream\"}")]
    [InlineData("{\"_v\": \"0\", \"_t\": \"_gaw/stream\"}")]
    [InlineData("{\"_v\": 1e30, \"_t\": \"_gaw/stream\"}")]
    [InlineData("{\"_t\": \"_gaw/stream\"}")]
    [InlineData("5")]
    public async Task What_is_neither_a_stream_nor_a_list_is_refused(string argument)
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        (await peer.AskAsync(Call(1, argument))).Should().Contain("TypeError");
        (await peer.AskAsync(Call(2, "{\"_v\": [1, 2], \"_t\": \"tuple\"}"))).Should().Contain("\"2 and the end\"");
    }

    [Theory]
    [InlineData("taker/any")]
    [InlineData("taker/list")]
    [InlineData("taker/number")]
    public async Task Every_other_parameter_refuses_a_stream_and_says_that_nothing_has_run(string path)
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        (await peer.AskAsync(Call(1, Mark, path))).Should().Contain("\"success\": false").And.EndWith("\"meta\": {\"streams\": 1}}");
    }

    [Fact]
    public async Task One_number_is_for_one_argument()
    {
        await using TestServer server = await TestServer.StartAsync(static server => server.Add<Taker>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        (await peer.AskAsync(Call(1, $"{Mark}, {Mark}", "taker/two"))).Should().Contain("for two arguments");
        (await peer.AskAsync(Call(2, "[1]"))).Should().Contain("\"1 and the end\"");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_knows_nothing_of_streams_gets_a_list(bool isSequential)
    {
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(async request =>
        {
            string payload = request.Path == "a/b" ? "7" : BadServer.Error("KeyError", $"path: {request.Path} not found");
            string reply = BadServer.Answer(request.Id, payload, success: request.Path == "a/b");
            await connection.SendFrameAsync(isSequential ? reply : $"{reply[..^1]}, \"meta\": {{}}}}");
        }));
        await using GawClient client = new("127.0.0.1", server.Port);

        (await client.CallAsync<int>("a/b", [Numbers(), 5], cancellationToken: Cancellation)).Should().Be(7);
        client.Call<int>("a/b", [Numbers()]).Should().Be(7);

        server.Requests.Where(static request => request.Path == "a/b").Should().HaveCount(2).And.AllSatisfy(static request => request.Json.Should().Contain("[0, 1, 2]").And.NotContain("_gaw/stream"));
    }

    [Fact]
    public async Task A_list_that_is_longer_than_a_request_may_be_is_refused_with_both_figures()
    {
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(request => connection.SendFrameAsync(BadServer.Answer(request.Id, BadServer.Error("KeyError", "not found"), success: false))));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { MaxFrameBytes = 4096 });

        GawSerializationException e = (await FluentActions.Awaiting(() => client.CallAsync<int>("a/b", [Many()], cancellationToken: Cancellation)).Should().ThrowAsync<GawSerializationException>()).Which;

        e.Message.Should().Contain("4096").And.Contain("IAsyncEnumerable");

        static async IAsyncEnumerable<int> Many()
        {
            for (int i = 0; ; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private static string Call(int id, string arguments, string path = "taker/take") => RawPeer.WithMeta(RawPeer.Request(Id(id), path, arguments));

    private static string Items(int id, string arguments) => RawPeer.WithMeta(RawPeer.Request(Id(id), "_gaw/send", arguments));

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    [Service("taker")]
    private sealed class Taker
    {
        /// <summary>Lets a call of <see cref="Slow"/> read on behind its first item.</summary>
        public static SemaphoreSlim Goes { get; } = new(0);

        [Entrypoint]
        public static async Task<string> Take(IAsyncEnumerable<int> items)
        {
            int count = 0;
            try
            {
                await foreach (int item in items)
                {
                    count++;
                }

                return $"{count} and the end";
            }
            catch (GawProtocolException e)
            {
                return $"{count} and {nameof(GawProtocolException)}: {e.Message}";
            }
        }

        [Entrypoint]
        public static async Task<string> Slow(IAsyncEnumerable<int> items)
        {
            int count = 0;
            await foreach (int item in items)
            {
                if (count++ == 0)
                {
                    await Goes.WaitAsync();
                }
            }

            return $"{count} and the end";
        }

        [Entrypoint]
        public static int Rest(params object?[] values) => values.Length;

        [Entrypoint]
        public static Task<string> Two(IAsyncEnumerable<int> one, IAsyncEnumerable<int> other) => Take(one ?? other);

        [Entrypoint]
        public static string Any(object? value) => $"{value}";

        [Entrypoint]
        public static int List(List<object?> values) => values.Count;

        [Entrypoint]
        public static double Number(double value) => value;
    }
}
