using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Streams;

/// <summary>A host that freezes in the middle of a stream, or of an argument, and signs of life that keep one that does not.</summary>
public sealed class StreamSilenceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_freezes_leaves_what_had_come_and_is_given_up_after_CallTimeout()
    {
        FakeTimeProvider clock = new();
        await using BadServer server = BadServer.Start(static connection => connection.ForEachAsync(request => request.Path == "a/b"
            ? connection.SendFrameAsync(Part(request.Id, "[1, 2, 3]", "\"more\": true, \"sent\": [3, 7]"))
            : Task.CompletedTask));
        await using GawClient client = Connect(server, clock);
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>("a/b", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        (await NextAsync(items)).Should().BeTrue();
        clock.Advance(Limit - TimeSpan.FromSeconds(1));
        (await NextAsync(items)).Should().BeTrue();
        (await NextAsync(items)).Should().BeTrue();
        items.Current.Should().Be(3, "what had come is delivered");
        Task<bool> next = NextAsync(items);
        next.IsCompleted.Should().BeFalse("the time is not over");

        clock.Advance(TimeSpan.FromSeconds(1));

        (await FluentActions.Awaiting(() => next).Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("a/b").And.Contain("30 s").And.Contain("not even a sign of life");
        await server.WaitForClosedAsync(1);
    }

    [Fact]
    public async Task Items_that_wait_for_their_consumer_are_delivered_when_the_host_is_given_up()
    {
        FakeTimeProvider clock = new();
        await using BadServer server = BadServer.Start(static connection => connection.ForEachAsync(async request =>
        {
            if (request.Path == "a/b")
            {
                await connection.SendFrameAsync(Part(request.Id, "[1]", "\"more\": true, \"sent\": [1, 1]"));
                await connection.SendFrameAsync(Part(request.Id, "[2]", "\"more\": true, \"sent\": [2, 2]"));
            }
            else
            {
                await connection.SendFrameAsync(Part(request.Id, "7", ""));
            }
        }));
        await using GawClient client = Connect(server, clock);
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>("a/b", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        (await NextAsync(items)).Should().BeTrue();
        (await client.CallAsync<int>("a/c", cancellationToken: Cancellation)).Should().Be(7, "the second part was read before this reply");

        clock.Advance(Limit);

        (await NextAsync(items)).Should().BeTrue();
        items.Current.Should().Be(2);
        await FluentActions.Awaiting(() => NextAsync(items)).Should().ThrowAsync<TimeoutException>();
    }

    [Fact]
    public async Task Signs_of_life_keep_a_stream_and_no_longer_than_CallTimeout()
    {
        FakeTimeProvider clock = new();
        string? id = null;
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(async request =>
        {
            if (request.Path == "a/b")
            {
                id = request.Id;
                await connection.SendFrameAsync(Part(request.Id, "[1]", "\"more\": true, \"sent\": [1, 1]"));
            }
            else if (request.Path == "a/live")
            {
                // In front of the reply, so that it was read when the reply is there.
                await connection.SendFrameAsync(Part(id!, "[]", "\"more\": true, \"sent\": [1, 1]"));
                await connection.SendFrameAsync(Part(request.Id, "7", ""));
            }
        }));
        await using GawClient client = Connect(server, clock);
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>("a/b", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        (await NextAsync(items)).Should().BeTrue();
        Task<bool> next = NextAsync(items);
        for (int i = 0; i < 10; i++)
        {
            clock.Advance(Limit - TimeSpan.FromSeconds(1));
            (await client.CallAsync<int>("a/live", cancellationToken: Cancellation)).Should().Be(7);
        }

        next.IsCompleted.Should().BeFalse("it lives");
        clock.Advance(Limit);

        await FluentActions.Awaiting(() => next).Should().ThrowAsync<TimeoutException>();
    }

    [Fact]
    public async Task A_host_that_freezes_while_it_takes_an_argument_is_given_up_after_CallTimeout_and_the_stream_ends()
    {
        FakeTimeProvider clock = new();
        string? id = null;
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(async request =>
        {
            switch (request.Path)
            {
                case "_gaw/send" when request.Args.Contains("[]", StringComparison.Ordinal):
                    await connection.SendFrameAsync(Part(request.Id, "null", "\"streams\": 1"));
                    break;
                case "a/b":
                    id = request.Id;
                    await connection.SendFrameAsync(Part(request.Id, "null", "\"for\": 0, \"take\": [1000, 100000], \"more\": true"));
                    break;
                case "a/live":
                    await connection.SendFrameAsync(Part(id!, "null", "\"for\": 0, \"take\": [1000, 100000], \"more\": true"));
                    await connection.SendFrameAsync(Part(request.Id, "7", ""));
                    break;
            }
        }));
        await using GawClient client = Connect(server, clock);
        Tally made = new("items that were asked for"), ended = new("streams that were disposed");
        Task<int> call = client.CallAsync<int>("a/b", [Numbers(made, ended, Cancellation)], cancellationToken: Cancellation);
        await made.WaitForAsync(3);
        for (int i = 0; i < 5; i++)
        {
            clock.Advance(Limit - TimeSpan.FromSeconds(1));
            (await client.CallAsync<int>("a/live", cancellationToken: Cancellation)).Should().Be(7);
        }

        call.IsCompleted.Should().BeFalse("a limit that is named again says that the call lives");
        clock.Advance(Limit);

        (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("a/b");
        await ended.WaitForAsync(1);
    }

    [Fact]
    public async Task A_server_says_that_a_call_lives_whose_argument_sends_nothing()
    {
        FakeTimeProvider clock = new();
        Tally begun = new("methods that began");
        SemaphoreSlim reads = new(0);
        await using TestServer server = await TestServer.StartAsync(s => s.Add<Taker>(begun, reads), new GawServerOptions { TimeProvider = clock });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("1", "taker/take", """{"_v": 0, "_t": "_gaw/stream"}"""), "\"alive_ms\": 5000"));
        await begun.WaitForAsync(1);
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            (await peer.ReadFrameAsync()).Should().Contain("\"for\": 0, \"take\": [0, 0], \"more\": true", "the method does not read yet");
        }

        reads.Release();
        (await peer.ReadFrameAsync()).Should().Contain("\"take\": [1000000000, 262144]");
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            (await peer.ReadFrameAsync()).Should().Contain("\"take\": [1000000000, 262144]", "it is named again");
        }

        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("2", "_gaw/send", "1, 0, [5], [1, 1], true")));
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": 5");
        for (int id = 3; id < 6; id++)
        {
            // Less than a slow peer may take for a reply, which the server may still be busy with.
            clock.Advance(TimeSpan.FromSeconds(9));
            (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request($"{id}", "taker/one")))).Should().Contain($"\"resp_to\": {id}", "an ended call says nothing more");
        }
    }

    [Fact]
    public async Task A_server_says_that_a_stream_lives_that_gives_nothing_and_that_one_that_waits_for_credit_does()
    {
        FakeTimeProvider clock = new();
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Giver>(), new GawServerOptions { TimeProvider = clock });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        (await peer.AskAsync(RawPeer.WithMeta(RawPeer.Request("1", "giver/two"), "\"take\": [1, 1000], \"alive_ms\": 5000"))).Should().Contain("\"payload\": [0]");
        for (int i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            (await peer.ReadFrameAsync()).Should().Contain("\"payload\": []").And.Contain("\"sent\": [1, 1]", "it costs no credit");
        }

        await peer.SendFrameAsync(RawPeer.WithMeta(RawPeer.Request("2", "_gaw/take", "1, 5, 1000")));
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": [1]");
        clock.Advance(TimeSpan.FromSeconds(5));
        (await peer.ReadFrameAsync()).Should().Contain("\"payload\": []").And.Contain("\"sent\": [2, 2]", "the method is still making its next item");
    }

    private static GawClient Connect(BadServer server, TimeProvider clock) => new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, TimeProvider = clock, CallTimeout = Limit });

    private static string Part(string id, string items, string meta) => $"{BadServer.Answer(id, items)[..^1]}, \"meta\": {{{meta}}}}}";

    private static Task<bool> NextAsync(IAsyncEnumerator<int> items) => items.MoveNextAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "no item came");

    private static async IAsyncEnumerable<int> Numbers(Tally made, Tally ended, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = 0; i < 3; i++)
            {
                made.Add();
                yield return i;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            ended.Add();
        }
    }

    private sealed class Taker(Tally begun, SemaphoreSlim reads)
    {
        [Entrypoint]
        public async Task<int> TakeAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
        {
            begun.Add();
            await reads.WaitAsync(cancellationToken);
            int sum = 0;
            await foreach (int item in items)
            {
                sum += item;
            }

            return sum;
        }

        [Entrypoint]
        public int One() => 1;
    }

    private sealed class Giver
    {
        [Entrypoint]
        public async IAsyncEnumerable<int> TwoAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return 0;
            yield return 1;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
