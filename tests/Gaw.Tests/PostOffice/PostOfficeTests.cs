using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Gaw.PostOffice;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice;

/// <summary>The post office alone: documents in frames, nothing known of requests.</summary>
public sealed class PostOfficeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_answered_with_what_the_handler_makes_of_it()
    {
        await using PostOfficeServer server = await ServeAsync(text => $"[{text}]");
        await using PostOfficeClient client = Connect(server);

        Encoding.UTF8.GetString(client.Send("1"u8.ToArray())).Should().Be("[1]");
        (await AskAsync(client, "\"ฟ\"")).Should().Be("[\"ฟ\"]");
        Encoding.UTF8.GetString(client.Send("{\"a\": 1}"u8.ToArray())).Should().Be("[{\"a\": 1}]");
        server.ConnectionCount.Should().Be(1);
    }

    [Fact]
    public async Task The_frames_on_the_wire_are_those_of_the_protocol()
    {
        await using PostOfficeServer server = await ServeAsync(text => $"[{text}]");
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("3\nabc");
        peer.HalfClose();

        Encoding.UTF8.GetString(await peer.ReadToEndAsync()).Should().Be("29\n{\"succ\": true, \"data\": [abc]}");
    }

    [Fact]
    public async Task Messages_of_a_connection_run_one_after_another_and_are_answered_in_order()
    {
        TaskCompletionSource first = new(), began = new();
        ConcurrentQueue<string> started = new();
        await using PostOfficeServer server = await ServeAsync(async (text, _) =>
        {
            started.Enqueue(text);
            if (text == "1")
            {
                began.TrySetResult();
                await first.Task;
            }

            return text;
        });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n11\n21\n3");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        await using RawPeer other = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        (await other.AskAsync("4")).Should().Be(Succeeded("4"), "another connection does not wait for this one");
        started.Should().Equal("1", "4");
        first.SetResult();

        foreach (string expected in new[] { "1", "2", "3" })
        {
            (await peer.ReadFrameAsync()).Should().Be(Succeeded(expected));
        }
    }

    [Fact]
    public async Task Many_messages_of_one_client_get_each_its_own_answer()
    {
        await using PostOfficeServer server = await ServeAsync(text => $"[{text}]");
        await using PostOfficeClient client = Connect(server);
        Task<string[]> asynchronous = Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(() => AskAsync(client, $"{i}"))));
        string[][] synchronous = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => DedicatedThread.RunAsync(() => Enumerable.Range(0, 200)
            .Select(i => Encoding.UTF8.GetString(client.Send(Encoding.UTF8.GetBytes($"{thread * i}")))).ToArray())));

        (await asynchronous).Should().Equal(Enumerable.Range(0, 2000).Select(i => $"[{i}]"));
        for (int thread = 0; thread < 8; thread++)
        {
            synchronous[thread].Should().Equal(Enumerable.Range(0, 200).Select(i => $"[{thread * i}]"));
        }

        server.ConnectionCount.Should().Be(1, "one connection carries them all");
    }

    [Fact]
    public async Task An_exception_of_the_handler_is_a_failure_that_leaves_the_connection_usable()
    {
        await using PostOfficeServer server = await ServeAsync(text => text == "1" ? throw new InvalidOperationException("not today") : text);
        await using PostOfficeClient client = Connect(server);

        Func<Task> failing = () => AskAsync(client, "1");
        GawRemoteException failure = (await failing.Should().ThrowAsync<GawRemoteException>()).Which;
        (failure.RemoteName, failure.RemoteMessage, failure.RemoteTrace).Should().Be(("InvalidOperationException", "not today", null));
        Action failingHere = () => client.Send("1"u8.ToArray());
        failingHere.Should().Throw<GawRemoteException>().Which.RemoteName.Should().Be("InvalidOperationException");
        (await AskAsync(client, "2")).Should().Be("2");
        server.ConnectionCount.Should().Be(1);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_described_is_answered_all_the_same()
    {
        await using PostOfficeServer server = await ServeAsync(text => text == "1" ? throw new SpeechlessException() : text);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);

        (await peer.AskAsync("1")).Should().Contain(nameof(SpeechlessException));
        (await peer.AskAsync("2")).Should().Be(Succeeded("2"));
    }

    [Fact]
    public async Task A_message_that_is_not_utf8_is_refused_and_the_next_one_answered()
    {
        await using PostOfficeServer server = await ServeAsync(text => text);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync([(byte)'2', (byte)'\n', 0xc3, 0x28, .. "1\n7"u8]);

        (await peer.ReadFrameAsync()).Should().Contain("\"succ\": false").And.Contain("ValueError");
        (await peer.ReadFrameAsync()).Should().Be(Succeeded("7"));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_at_once_and_its_late_answer_goes_to_nobody_else()
    {
        TaskCompletionSource gate = new(), began = new();
        await using PostOfficeServer server = await ServeAsync(async (text, _) =>
        {
            if (text == "1")
            {
                began.TrySetResult();
                await gate.Task;
            }

            return $"[{text}]";
        });
        await using PostOfficeClient client = Connect(server);
        using CancellationTokenSource cancellation = new();
        Task<string> cancelled = AskUntilAsync(client, "1", cancellation.Token);
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        await cancellation.CancelAsync();

        Func<Task> waiting = () => cancelled;
        (await waiting.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        Task<string> second = AskAsync(client, "2");
        gate.SetResult();
        (await second).Should().Be("[2]", "the answer to the first message is not the second's");
        (await AskAsync(client, "3")).Should().Be("[3]");
        server.ConnectionCount.Should().Be(1);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_sends_nothing()
    {
        ConcurrentQueue<string> came = new();
        await using PostOfficeServer server = await ServeAsync(text =>
        {
            came.Enqueue(text);
            return text;
        });
        await using PostOfficeClient client = Connect(server);
        Func<Task> asking = () => AskUntilAsync(client, "1", new CancellationToken(canceled: true));

        await asking.Should().ThrowAsync<OperationCanceledException>();
        (await AskAsync(client, "2")).Should().Be("2");
        came.Should().Equal("2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_without_an_answer_times_out_and_the_next_ones_are_right(bool synchronous)
    {
        TaskCompletionSource gate = new();
        await using PostOfficeServer server = await ServeAsync(async (text, _) =>
        {
            if (text == "1")
            {
                await gate.Task;
            }

            return $"[{text}]";
        });
        await using PostOfficeClient client = Connect(server, new PostOfficeClientOptions { CallTimeout = TimeSpan.FromMilliseconds(300) });
        Func<Task> asking = synchronous ? () => DedicatedThread.RunAsync(() => client.Send("1"u8.ToArray())) : () => AskAsync(client, "1");
        long began = Stopwatch.GetTimestamp();

        (await asking.Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("CallTimeout");
        Stopwatch.GetElapsedTime(began).Should().BeGreaterThan(TimeSpan.FromMilliseconds(290)).And.BeLessThan(TimeSpan.FromSeconds(10));
        gate.SetResult();
        (await AskAsync(client, "2")).Should().Be("[2]");
        (await AskAsync(client, "3")).Should().Be("[3]");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_a_client_fails_its_open_calls(bool synchronous)
    {
        TaskCompletionSource gate = new(), began = new();
        await using PostOfficeServer server = await ServeAsync(async (text, _) =>
        {
            began.TrySetResult();
            await gate.Task;
            return text;
        });
        PostOfficeClient client = Connect(server);
        Task open = synchronous ? DedicatedThread.RunAsync(() => client.Send("1"u8.ToArray())) : AskAsync(client, "1");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        client.Dispose();
        client.Dispose();

        Func<Task> waiting = () => open;
        (await waiting.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        Func<Task> using2 = () => AskAsync(client, "2");
        await using2.Should().ThrowAsync<ObjectDisposedException>();
        Action usingHere = () => client.Send("2"u8.ToArray());
        usingHere.Should().Throw<ObjectDisposedException>();
        gate.SetResult();
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 0);
    }

    [Fact]
    public async Task A_peer_that_has_stopped_sending_still_gets_its_answers()
    {
        TaskCompletionSource gate = new(), began = new();
        await using PostOfficeServer server = await ServeAsync(async (text, token) =>
        {
            began.TrySetResult();
            await gate.Task.WaitAsync(token);
            return text;
        });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n11\n2");
        peer.HalfClose();
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        gate.SetResult();

        (await peer.ReadFrameAsync()).Should().Be(Succeeded("1"));
        (await peer.ReadFrameAsync()).Should().Be(Succeeded("2"));
        (await peer.ReadFrameAsync()).Should().BeNull();
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 0);
    }

    [Fact]
    public async Task The_token_of_a_message_fires_when_its_sender_is_reset()
    {
        TaskCompletionSource began = new(), stopped = new();
        await using PostOfficeServer server = await ServeAsync(async (text, token) =>
        {
            token.Register(() => stopped.TrySetResult());
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return text;
        });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n1");
        await began.Task.WaitAsync(TestTimeouts.Limit, Token);
        peer.Reset();

        await stopped.Task.WaitAsync(TestTimeouts.Limit, Token);
        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 0);
    }

    [Fact]
    public async Task A_peer_that_reads_no_answers_and_goes_leaves_nothing_behind()
    {
        byte[] large = new byte[48 * 1024 * 1024];
        Array.Fill(large, (byte)'1');
        Tally answered = new("messages");
        await using PostOfficeServer server = new("127.0.0.1", 0, (_, _) =>
        {
            answered.Add();
            return new(large);
        }, new PostOfficeServerOptions { MaxFrameBytes = 64 * 1024 * 1024 });
        await server.StartAsync(Token);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendAsync("1\n11\n21\n3");
        await answered.WaitForAsync(1);
        peer.Reset();

        await Eventually.BecomesTrueAsync(() => server.ConnectionCount == 0);
    }

    [Fact]
    public async Task An_answer_above_the_limit_is_a_failure()
    {
        await using PostOfficeServer server = await ServeAsync(
            (text, _) => new(text == "1" ? new string('1', 2000) : text), new PostOfficeServerOptions { MaxFrameBytes = 1024 });
        await using PostOfficeClient client = Connect(server);

        Func<Task> asking = () => AskAsync(client, "1");
        await asking.Should().ThrowAsync<GawRemoteException>();
        (await AskAsync(client, "2")).Should().Be("2");
    }

    [Fact]
    public async Task A_message_above_the_clients_own_limit_is_not_sent()
    {
        await using PostOfficeServer server = await ServeAsync(text => text);
        await using PostOfficeClient client = Connect(server, new PostOfficeClientOptions { MaxFrameBytes = 1024 });

        Func<Task> asking = () => AskAsync(client, new string('1', 1025));
        await asking.Should().ThrowAsync<GawException>();
        (await AskAsync(client, new string('2', 900))).Should().HaveLength(900);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_connection_failure_and_nothing_ran()
    {
        int port;
        await using (PostOfficeServer server = await ServeAsync(text => text))
        {
            port = server.LocalEndPoint.Port;
        }

        await using PostOfficeClient client = new("127.0.0.1", port);
        Func<Task> asking = () => AskAsync(client, "1");
        GawConnectionException failure = (await asking.Should().ThrowAsync<GawConnectionException>()).Which;
        failure.Execution.Should().Be(CallExecution.NotRun);
        failure.Message.Should().Contain($"127.0.0.1:{port}");
        failure.InnerException.Should().BeOfType<SocketException>();
    }

    [Fact]
    public async Task A_client_finds_a_server_that_has_come_back()
    {
        await using PostOfficeServer first = await ServeAsync(text => $"1:{text}");
        int port = first.LocalEndPoint.Port;
        await using PostOfficeClient client = new("127.0.0.1", port);
        (await AskAsync(client, "1")).Should().Be("1:1");
        Encoding.UTF8.GetString(client.Send("2"u8.ToArray())).Should().Be("1:2");
        await first.StopAsync(Token);
        await using PostOfficeServer second = await ServeAsync(text => $"2:{text}", port: port);

        await Eventually.BecomesTrueAsync(() =>
        {
            try
            {
                return Encoding.UTF8.GetString(client.Send("3"u8.ToArray())) == "2:3";
            }
            catch (GawConnectionException)
            {
                return false;
            }
        });
    }

    [Fact]
    public void Wrong_arguments_are_refused_where_they_are_given()
    {
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> echo = (message, _) => new(message);
        ((Action)(() => _ = new PostOfficeServer("", 0, echo))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new PostOfficeServer("127.0.0.1", -1, echo))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeServer("127.0.0.1", 65536, echo))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeServer("127.0.0.1", 0, null!))).Should().Throw<ArgumentNullException>();
        ((Action)(() => _ = new PostOfficeClient("127.0.0.1", 0))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeClient("", 1))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new PostOfficeServerOptions { MaxFrameBytes = 1023 })).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeServerOptions { Backlog = 0 })).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeServerOptions { DrainTimeout = TimeSpan.Zero })).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeClientOptions { CallTimeout = TimeSpan.FromSeconds(-1) })).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PostOfficeClientOptions { Retries = -2 })).Should().Throw<ArgumentOutOfRangeException>();
        new PostOfficeClientOptions { CallTimeout = Timeout.InfiniteTimeSpan }.CallTimeout.Should().Be(Timeout.InfiniteTimeSpan);
    }

    internal static string Succeeded(string document) => $"{{\"succ\": true, \"data\": {document}}}";

    internal static Task<PostOfficeServer> ServeAsync(Func<string, string> handler, PostOfficeServerOptions? options = null, int port = 0) =>
        ServeAsync((text, _) => new ValueTask<string>(handler(text)), options, port);

    internal static async Task<PostOfficeServer> ServeAsync(Func<string, CancellationToken, ValueTask<string>> handler, PostOfficeServerOptions? options = null, int port = 0)
    {
        PostOfficeServer server = new("127.0.0.1", port, async (message, token) => Encoding.UTF8.GetBytes(await handler(Encoding.UTF8.GetString(message.Span), token)), options);
        await server.StartAsync(Token);
        return server;
    }

    private static PostOfficeClient Connect(PostOfficeServer server, PostOfficeClientOptions? options = null) => new("127.0.0.1", server.LocalEndPoint.Port, options);

    private static Task<string> AskAsync(PostOfficeClient client, string message) => AskUntilAsync(client, message, Token);

    private static async Task<string> AskUntilAsync(PostOfficeClient client, string message, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await client.SendAsync(Encoding.UTF8.GetBytes(message), cancellationToken));

    private sealed class SpeechlessException : Exception
    {
        public override string Message => throw new InvalidOperationException("no words");
    }
}
