using Gaw.Tests.Support;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>Parts and limits as they stand on the wire, sent by a peer that makes mistakes: each is an error of the stream, never a wrong item, and never a hang.</summary>
public sealed class StreamWireTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a part is lost", "[0]|1", "[2]|3")]
    [InlineData("a part comes twice", "[0]|1", "[0]|1")]
    [InlineData("parts are swapped", "[1]|2", "[0]|1")]
    [InlineData("a sign of life names more", "[0]|1", "[]|2")]
    public async Task A_part_that_is_missing_or_comes_twice_ends_the_stream_after_what_was_whole(string what, string first, string second)
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
            {
                await connection.SendFrameAsync(Part(request.Id, first));
                await connection.SendFrameAsync(Part(request.Id, second));
                await connection.WaitForCloseAsync();
            }
        });
        await using GawClient client = Connect(server);

        (List<int> items, Exception error) = await TakeAsync(client);

        error.Should().BeAssignableTo<GawProtocolException>(what);
        items.Should().BeSubsetOf([0]);
    }

    [Fact]
    public async Task The_end_has_to_say_how_much_was_sent()
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
            {
                await connection.SendFrameAsync(Part(request.Id, "[0]|1"));
                await connection.SendFrameAsync(BadServer.Answer(request.Id, "[]"));
                await connection.WaitForCloseAsync();
            }
        });
        await using GawClient client = Connect(server);

        (List<int> items, Exception error) = await TakeAsync(client);

        items.Should().Equal(0);
        error.Should().BeAssignableTo<GawProtocolException>().Which.Message.Should().Contain("does not say how much was sent");
    }

    [Fact]
    public async Task A_server_that_ignores_its_credit_is_left()
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
            {
                // The figures are the sender's: it says that it has sent more than two windows and the largest item.
                await connection.SendFrameAsync(Part(request.Id, "[0]|1"));
                await connection.SendFrameAsync($"{BadServer.Answer(request.Id, "[0]")[..^1]}, \"meta\": {{\"more\": true, \"sent\": [2, 100000000]}}}}");
                await connection.WaitForCloseAsync();
            }
        });
        await using GawClient client = Connect(server);

        (List<int> items, Exception error) = await TakeAsync(client);

        error.Should().BeAssignableTo<GawProtocolException>().Which.Message.Should().Contain("more of a/b than it was asked for");
        items.Should().BeSubsetOf([0]);
    }

    [Theory]
    [InlineData("items of no bytes", "[1, 2]", 2, 1)]
    [InlineData("a long text of one byte", "TEXT", 1, 1)]
    [InlineData("a list of many blanks", "BLANKS", 1, 2)]
    public async Task A_server_that_says_less_of_its_items_than_they_are_is_left(string what, string items, int sentItems, int sentBytes)
    {
        string text = items.Replace("TEXT", $"[\"{new string('x', 1000)}\"]", StringComparison.Ordinal).Replace("BLANKS", $"[{new string(' ', 1000)}1]", StringComparison.Ordinal);
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
            {
                await connection.SendFrameAsync($"{BadServer.Answer(request.Id, text)[..^1]}, \"meta\": {{\"more\": true, \"sent\": [{sentItems}, {sentBytes}]}}}}");
                await connection.WaitForCloseAsync();
            }
        });
        await using GawClient client = Connect(server);
        IAsyncEnumerator<object> stream = client.StreamAsync<object>("a/b", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        (await FluentActions.Awaiting(async () => await stream.MoveNextAsync()).Should().ThrowAsync<GawProtocolException>(what)).WithMessage("*more of a/b than it was asked for*");
    }

    [Fact]
    public async Task A_part_for_a_call_that_asked_for_none_ends_the_call()
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
            {
                await connection.SendFrameAsync(Part(request.Id, "[0]|1"));
                await connection.WaitForCloseAsync();
            }
        });
        await using GawClient client = Connect(server);

        await FluentActions.Awaiting(() => client.CallAsync<List<int>>("a/b", cancellationToken: Cancellation)).Should().ThrowAsync<GawProtocolException>();
    }

    [Theory]
    [InlineData("\"take\": 1")]
    [InlineData("\"take\": [1]")]
    [InlineData("\"take\": [1, 2, 3]")]
    [InlineData("\"take\": [-1, -1]")]
    [InlineData("\"take\": [1.5, \"x\"]")]
    [InlineData("\"take\": [1000000000000000000000000000000, 1]")]
    [InlineData("\"take\": {\"a\": [1, 2]}")]
    [InlineData("\"take\": null, \"alive_ms\": -1")]
    [InlineData("\"take\": [9223372036854775807, 9223372036854775807], \"alive_ms\": 9223372036854775807")]
    [InlineData("\"take\": [2, 100], \"alive_ms\": \"often\"")]
    [InlineData("\"progress\": [], \"take\": []")]
    public async Task Whatever_stands_for_a_limit_the_request_is_answered(string meta)
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Counter>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);

        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "counter/two"), meta));
        string answer = (await peer.ReadFrameAsync())!;
        answer.Should().Contain("\"resp_to\": 1").And.Contain("\"success\": true");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("\"x\", 1, 2")]
    [InlineData("1, -5, -5")]
    [InlineData("2, 1, 1")]
    [InlineData("1, 100000000000000000000000000000000, 1")]
    [InlineData("1, [], {}")]
    [InlineData("[1, 2], null, 1.5")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890, 1, 1")]
    public async Task A_limit_that_is_none_is_passed_over(string args)
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Counter>());
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "counter/two"), "\"take\": [1, 1000]"));
        (await peer.ReadFrameAsync())!.Should().Contain("\"payload\": [0]");

        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("7", "_gaw/take", args)));

        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("3", "counter/one"))))!.Should().Contain("\"resp_to\": 3", "nobody answers a limit, and the stream waits on");
        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("8", "_gaw/take", "1, 5, 1000")));
        (await peer.ReadFrameAsync())!.Should().Contain("\"payload\": [1]");
    }

    [Fact]
    public async Task A_caller_whose_process_dies_ends_the_method_at_once()
    {
        Tally ended = new("streams that ended");
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Counter>(ended));
        await using (RawPeer peer = await RawPeer.ConnectAsync(server.Port))
        {
            await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "counter/wait"), "\"take\": [5, 1000]"));
            (await peer.ReadFrameAsync())!.Should().Contain("\"payload\": [0]");
            peer.Reset();
        }

        await ended.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => server.Server.OpenStreams == 0);
    }

    private static GawClient Connect(BadServer server) => new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0 });

    private static string Part(string id, string part) =>
        $"{BadServer.Answer(id, part.Split('|')[0])[..^1]}, \"meta\": {{\"more\": true, \"sent\": [{part.Split('|')[1]}, {part.Split('|')[1]}]}}}}";

    private static async Task<(List<int> Items, Exception Error)> TakeAsync(GawClient client)
    {
        List<int> items = [];
        try
        {
            await using IAsyncEnumerator<int> stream = client.StreamAsync<int>("a/b", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
            while (await stream.MoveNextAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "no item came"))
            {
                items.Add(stream.Current);
            }
        }
        catch (GawException e)
        {
            return (items, e);
        }

        throw new InvalidOperationException("The stream ended as a whole one.");
    }

    private sealed class Counter
    {
        private readonly Tally _ended;

        public Counter()
            : this(new Tally("streams that ended"))
        {
        }

        public Counter(Tally ended) => _ended = ended;

        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async IAsyncEnumerable<int> TwoAsync()
        {
            yield return 0;
            await Task.Yield();
            yield return 1;
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> WaitAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return 0;
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                _ended.Add();
            }
        }
    }
}
