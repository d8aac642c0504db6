using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using static Gaw.Tests.Scenarios.RestartTests;

namespace Gaw.Tests.Scenarios;

/// <summary>
/// A connection whose calls wait for a place among MaxConcurrentCalls stays hearing: what was cancelled, timed out, cut off or stopped before it began never runs, and what the
/// server is asked about itself waits for nobody.
/// </summary>
public sealed class HeldCallTests
{
    private static readonly GawServerOptions OneAtATime = new() { MaxConcurrentCalls = 1, DrainTimeout = TimeSpan.FromMilliseconds(500) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_call_is_cancelled_while_another_waits_behind_it_and_that_one_then_runs()
    {
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Endless(began, cancelled)).Add<CountedService>(new Runs()), OneAtATime);
        await using GawClient client = server.Connect();
        await client.CallAsync<int>("counted/same", [1], cancellationToken: Token);
        using CancellationTokenSource givenUp = new();
        Task first = client.CallAsync<object?>("endless/wait", cancellationToken: givenUp.Token);
        await began.WaitForAsync(1);
        Task<int> second = client.CallAsync<int>("counted/same", [2], cancellationToken: Token);
        await Eventually.BecomesTrueAsync(() => server.Server.Calls == 3);
        await givenUp.CancelAsync();

        await cancelled.WaitForAsync(1);
        (await second.WithinAsync(TestTimeouts.Limit, static () => "the call that waited did not run")).Should().Be(2);
        await first.Awaiting(static call => call).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_on_the_server_though_another_beside_it_has_timed_out()
    {
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Endless(began, cancelled)).Add<CountedService>(new Runs()));
        await using GawClient client = server.Connect();
        await client.CallAsync<int>("counted/same", [1], cancellationToken: Token);
        using CancellationTokenSource givenUp = new();
        Task open = client.CallAsync<object?>("endless/wait", cancellationToken: Token);
        Task call = client.CallAsync<object?>("endless/wait", cancellationToken: givenUp.Token);
        Task late = client.CallAsync<object?>("endless/wait", cancellationToken: Token, options: new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        await began.WaitForAsync(3);
        await late.Awaiting(static call => call).Should().ThrowAsync<TimeoutException>();
        await givenUp.CancelAsync();

        await call.Awaiting(static call => call).Should().ThrowAsync<OperationCanceledException>();
        await cancelled.WaitForAsync(2);
        open.IsCompleted.Should().BeFalse("its connection lives");
        client.Dispose();
        await Record.ExceptionAsync(() => open);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("timed out")]
    [InlineData("disposed")]
    [InlineData("reset")]
    public async Task What_was_given_up_before_it_began_never_runs(string how)
    {
        const int count = 50;
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime);
        await using GawClient other = new("127.0.0.1", server.Port);
        await other.CallAsync<int>("vault/count", cancellationToken: Token);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        GawClient client = new("127.0.0.1", server.Port);
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> running = other.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        using CancellationTokenSource givenUp = new();
        CallOptions? options = how == "timed out" ? new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) } : null;
        Task[] waiting = [.. Enumerable.Range(0, count).Select(_ => how == "reset"
            ? peer.SendFrameAsync(Parallel("1", "vault/count"))
            : client.CallAsync<int>("vault/count", cancellationToken: givenUp.Token, options: options))];
        await Eventually.BecomesTrueAsync(() => server.Server.Calls == count + 3, () => $"{server.Server.Calls}");
        server.Server.RunningCalls.Should().Be(1, "the others wait");
        switch (how)
        {
            case "cancelled":
                await givenUp.CancelAsync();
                break;
            case "disposed":
                client.Dispose();
                break;
            case "reset":
                peer.Reset();
                break;
        }

        await Task.WhenAll(waiting.Select(async call =>
        {
            try
            {
                await call.WithinAsync(TestTimeouts.Limit, static () => "a call did not end");
            }
            catch (Exception e) when (e is OperationCanceledException or TimeoutException or GawConnectionException)
            {
                // It was given up.
            }
        }));
        client.Dispose();
        peer.Close();
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 1, () => $"{server.Server.Connections} connections");
        server.Vault.Open.SetResult();
        await running;
        await other.CallAsync<int>("vault/count", cancellationToken: Token);

        server.Vault.Runs.Should().Be(4, "none of those that were given up has run");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_when_the_stop_cuts_it_off_never_runs_and_is_told_so(bool inOrder)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime);
        await using RawPeer running = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer waiting = await RawPeer.ConnectAsync(server.Port);
        await running.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);
        await waiting.SendFrameAsync(inOrder ? RawPeer.Request("2", "vault/count") : Parallel("2", "vault/count"));
        await Eventually.BecomesTrueAsync(() => server.Server.QueuedCalls == 1);
        await server.Server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");

        IReadOnlyList<string> answers = await waiting.ReadFramesUntilClosedAsync();
        answers.Should().Contain(static answer => answer.Contains("ServerStopping", StringComparison.Ordinal) && answer.Contains("has not run", StringComparison.Ordinal));
        server.Vault.Open.SetResult();
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 0);
        server.Vault.Runs.Should().Be(1);
    }

    [Fact]
    public async Task A_call_that_was_cut_off_before_it_began_is_sent_again_elsewhere()
    {
        await using GuardedServer stopping = await GuardedServer.StartAsync(OneAtATime);
        await using GawClient client = new("127.0.0.1", stopping.Port, new GawClientOptions { Retries = 0 });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task running = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await stopping.Vault.Entered.WaitForAsync(1);
        Task<int> waiting = client.CallAsync<int>("vault/count", cancellationToken: Token);
        await Eventually.BecomesTrueAsync(() => stopping.Server.Calls == 3);
        await stopping.Server.StopAsync(Token);

        (await waiting.Awaiting(static call => call).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
        (await running.Awaiting(static call => call).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
    }

    [Theory]
    [InlineData("_gaw/ping")]
    [InlineData("_gaw/health")]
    [InlineData("_gaw/stats")]
    public async Task What_a_server_is_asked_about_itself_takes_no_place(string path)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime);
        await using GawClient client = new("127.0.0.1", server.Port);
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        await using RawPeer python = await RawPeer.ConnectAsync(server.Port);
        Task<int> running = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        Task<int> waiting = client.CallAsync<int>("vault/count", cancellationToken: Token);

        (await client.CallAsync<object>(path, cancellationToken: Token).WithinAsync(TestTimeouts.Limit, static () => "control waits for data")).Should().NotBeNull();
        (await python.AskAsync(RawPeer.Request("7", path))).Should().Contain("\"success\": true");
        waiting.IsCompleted.Should().BeFalse();
        server.Vault.Open.SetResult();
        await running;
        await waiting;
        server.Vault.MostInside.Should().Be(1);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("too large")]
    [InlineData("broken seal")]
    [InlineData("read ahead")]
    [InlineData("in order read ahead")]
    [InlineData("much waits")]
    public async Task A_caller_that_is_gone_is_noticed_whatever_the_loop_waits_for(string what)
    {
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(
            s => s.Add(() => new Endless(began, cancelled)).Add<CountedService>(new Runs()), new GawServerOptions { MaxConcurrentCalls = what == "much waits" ? 1 : int.MaxValue });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        bool inOrder = what.StartsWith("in order", StringComparison.Ordinal);
        await peer.SendFrameAsync(inOrder ? RawPeer.Request("1", "endless/wait") : Parallel("1", "endless/wait"));
        await began.WaitForAsync(1);
        switch (what)
        {
            case "garbage":
                await peer.SendAsync("abc\n");
                break;
            case "too large":
                await peer.SendAsync("99999999999\n");
                break;
            case "broken seal":
                await peer.SendAsync("3\n{x}");
                await peer.SendAsync("x\n");
                break;
            case "much waits":
                byte[] frame = RawPeer.Frame(Parallel("2", "counted/same").Replace("[]", $"[\"{new string('x', 100_000)}\"]", StringComparison.Ordinal).Replace("counted/same", "endless/wait", StringComparison.Ordinal));
                for (int i = 0; i < 60; i++)
                {
                    await peer.SendAsync(frame);
                }

                break;
            default:
                await peer.SendFrameAsync(RawPeer.Request("2", "counted/same", "1"));
                await peer.SendAsync(new byte[inOrder ? 70_000 : 200_000]);
                break;
        }

        peer.Reset();
        await cancelled.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 0, () => $"{server.Server.Connections} connections");
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("timed out")]
    [InlineData("stopped")]
    public async Task Behind_more_than_may_be_held_a_cancellation_is_heard_late_and_what_ends_calls_otherwise_at_once(string how)
    {
        // 8 MiB of calls, of which 4 MiB are read: what stands behind them in the stream, be it a cancellation, is not.
        const int count = 80, held = 41;
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime);
        await using GawClient other = new("127.0.0.1", server.Port);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0 });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> running = other.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        using CancellationTokenSource givenUp = new();
        string large = new('x', 100_000);
        CallOptions? options = how == "timed out" ? new CallOptions { Timeout = TimeSpan.FromSeconds(1) } : null;
        Task<string>[] waiting = [.. Enumerable.Range(0, count).Select(_ => client.CallAsync<string>("vault/echo", [large], cancellationToken: givenUp.Token, options: options))];
        await Eventually.BecomesTrueAsync(() => server.Server.QueuedCalls >= held, () => $"{server.Server.QueuedCalls} wait");
        if (how == "stopped")
        {
            await server.Server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, static () => "the stop was not heard");
        }
        else if (how == "cancelled")
        {
            await givenUp.CancelAsync();
        }

        foreach (Task<string> call in waiting)
        {
            (await Record.ExceptionAsync(() => call.WithinAsync(TestTimeouts.Limit, static () => "a call did not end"))).Should().NotBeNull();
        }

        server.Server.QueuedCalls.Should().BeLessThan(64 + 45, "what is held is bounded");
        server.Vault.Open.SetResult();
        if (how != "stopped")
        {
            await running;
            (await client.CallAsync<string>("vault/echo", ["y"], cancellationToken: Token).WithinAsync(TestTimeouts.Limit, static () => "the connection hangs")).Should().Be("y");
            await Eventually.BecomesTrueAsync(() => server.Server.RunningCalls == 0);

            // The time of a call that was not read yet begins when it is read; its caller may be gone by then, and its connection not yet.
            server.Vault.Runs.Should().BeInRange(3, how == "timed out" ? 3 + count - held : 3 + count, "the deadline of what is held is known without a cancellation");
        }
        else
        {
            await Record.ExceptionAsync(() => running);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behind_replies_that_nobody_reads_a_cancellation_is_heard_once_they_are_read_or_the_peer_is_cut_off(bool reads)
    {
        FakeTimeProvider time = new();
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Endless(began, cancelled)).Add<ServerConformanceTests.Promise>(), new GawServerOptions { TimeProvider = time });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(Parallel("1", "endless/wait"));
        await began.WaitForAsync(1);
        byte[] asks = RawPeer.Frame(Parallel("2", "promise/text").Replace("\"_v\": []", "\"_v\": [8000000, 0]", StringComparison.Ordinal));
        await peer.SendAsync([.. asks, .. asks, .. RawPeer.Frame(Parallel("3", "_gaw/cancel").Replace("\"_v\": []", "\"_v\": [1]", StringComparison.Ordinal))]);
        if (reads)
        {
            for (int i = 0; i < 3; i++)
            {
                (await peer.ReadFrameAsync()).Should().NotBeNull();
            }

            await cancelled.WaitForAsync(1);
        }
        else
        {
            await Eventually.BecomesTrueAsync(() => server.Server.Calls >= 2);
            while (server.ConnectionCount() > 0)
            {
                // Ten seconds without progress, and no hang.
                time.Advance(TimeSpan.FromMilliseconds(500));
                await Task.Delay(TimeSpan.FromMilliseconds(1), Token);
                (time.GetUtcNow() - time.Start).Should().BeLessThan(TimeSpan.FromMinutes(5));
            }

            await cancelled.WaitForAsync(1);
        }
    }

    [Fact]
    public async Task The_time_of_a_caller_counts_from_when_its_call_came()
    {
        FakeTimeProvider time = new();
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime with { TimeProvider = time });
        await using RawPeer first = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer second = await RawPeer.ConnectAsync(server.Port);
        await first.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);
        await second.SendFrameAsync(Parallel("2", "vault/count").Replace("\"meta\": {}", "\"meta\": {\"timeout_ms\": 10000}", StringComparison.Ordinal));
        await second.SendFrameAsync(Parallel("3", "vault/count").Replace("\"meta\": {}", "\"meta\": {\"timeout_ms\": 60000}", StringComparison.Ordinal));
        await Eventually.BecomesTrueAsync(() => server.Server.Calls == 3);
        for (int i = 0; i < 22; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
        }

        (await second.ReadFrameAsync()).Should().Contain("\"resp_to\": 2").And.Contain("TimeoutException").And.Contain("has not run");
        server.Vault.Open.SetResult();
        (await second.ReadFrameAsync()).Should().Contain("\"resp_to\": 3").And.Contain("\"success\": true");
        server.Vault.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Calls_that_come_and_are_given_up_while_no_place_is_free_leave_nothing_behind()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime);
        await using RawPeer running = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await running.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);
        for (int i = 2; i < 1002; i++)
        {
            await peer.SendFrameAsync(Parallel($"{i}", "vault/count"));
            (await peer.AskAsync(Parallel("1", "_gaw/cancel").Replace("\"_v\": []", $"\"_v\": [{i}]", StringComparison.Ordinal))).Should().Contain("has not run");
            (await peer.ReadFrameAsync()).Should().Contain("\"payload\": true");
        }

        server.Server.QueuedCalls.Should().BeLessThan(200);
        server.Vault.Open.SetResult();
        (await running.ReadFrameAsync()).Should().Contain("\"success\": true");
        (await peer.AskAsync(Parallel("5000", "vault/count"))).Should().Contain("\"success\": true");
        server.Vault.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Calls_that_wait_begin_in_the_order_in_which_they_came_and_never_more_than_there_are_places()
    {
        const int limit = 4;
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { MaxConcurrentCalls = limit });
        GawClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => new GawClient("127.0.0.1", server.Port))];
        int[] numbers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => clients[i % clients.Length].CallAsync<int>("vault/pass", [i], cancellationToken: Token)));

        numbers.Should().Equal(Enumerable.Range(0, 300));
        server.Vault.MostInside.Should().BeLessThanOrEqualTo(limit);
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Fact]
    public async Task A_call_that_is_kept_is_withdrawn_by_its_owner_and_outlives_its_connection()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(OneAtATime with { KeepReplies = TimeSpan.FromMinutes(2) });
        await using GawClient other = new("127.0.0.1", server.Port);
        await other.CallAsync<int>("vault/count", cancellationToken: Token);
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, new GawClientOptions { RetryWhen = RetryWhen.KeptReplies });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> running = other.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        using CancellationTokenSource givenUp = new();
        long before = server.Server.Calls;
        Task<int> kept = client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> withdrawn = client.CallAsync<int>("vault/count", cancellationToken: givenUp.Token);
        await Eventually.BecomesTrueAsync(() => server.Server.Calls == before + 2);
        await givenUp.CancelAsync();
        await withdrawn.Awaiting(static call => call).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.BecomesTrueAsync(() => server.Server.Calls == before + 3);
        proxy.ResetAll();
        await proxy.WaitForConnectionsAsync(2);
        server.Vault.Open.SetResult();

        await running;
        (await kept.WithinAsync(TestTimeouts.Limit, static () => "the kept call did not end")).Should().BePositive();
        server.Vault.Runs.Should().Be(4);
    }
}
