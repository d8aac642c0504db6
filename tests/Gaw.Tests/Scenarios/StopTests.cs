using Gaw.PostOffice;
using Gaw.Tests.Support;
using static Gaw.Tests.Scenarios.RestartTests;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows F1 and F2, at their edges: what is under way while a server stops, and where its clients go.</summary>
public sealed class StopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_whose_first_call_runs_as_the_server_stops_is_answered_on_and_told()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer idle = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(Parallel("1", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);
        Task stopping = server.Server.StopAsync(Token);
        (await idle.ReadFrameAsync()).Should().BeNull("the time to learn of the stop is over");

        // What arrives before the server has looked for more counts as received before it stopped: each answer lets the peer be that quick once more.
        List<string?> answers = [await peer.AskAsync(Parallel("2", "vault/count")), await peer.ReadFrameAsync()];
        for (int id = 3; id < 10_000 && !answers[^1]!.Contains("ServerStopping", StringComparison.Ordinal); id++)
        {
            answers.Add(await peer.AskAsync(Parallel($"{id}", "vault/count")));
        }

        server.Vault.Open.TrySetResult();
        answers.AddRange(await peer.ReadFramesUntilClosedAsync());

        answers.Should().Contain(answer => answer!.Contains("ServerStopping", StringComparison.Ordinal));
        answers.Should().Contain("""{"succ": true, "data": null, "meta": {"stopping": true}}""");
        answers[^1].Should().Contain("\"resp_to\": 1, \"success\": true");
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_had_come_when_the_server_stopped_is_answered_however_long_it_waits(bool parallel)
    {
        const int count = 350;
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { MaxConcurrentCalls = 1, DrainTimeout = Timeout.InfiniteTimeSpan });
        await using RawPeer blocking = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await using RawPeer idle = await RawPeer.ConnectAsync(server.Port);
        await blocking.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);

        // Frames of 256 bytes, so that each receive ends with one.
        await peer.SendAsync([.. Enumerable.Range(100, count).SelectMany(id => RawPeer.Frame(Padded(parallel ? Parallel($"{id}", "vault/echo") : RawPeer.Request($"{id}", "vault/echo"))))]);
        Task stopping = server.Server.StopAsync(Token);
        (await idle.ReadFrameAsync()).Should().BeNull("the time to learn of the stop is over");
        server.Vault.Open.TrySetResult();

        IReadOnlyList<string> answers = await peer.ReadFramesUntilClosedAsync();
        answers.Count(answer => answer.Contains("\"resp_to\"", StringComparison.Ordinal)).Should().Be(count);
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
        server.Log.Entries.Should().NotContain(entry => entry.Id.Id == 106);

        static string Padded(string request) => request.Replace("\"_v\": []", $"\"_v\": [\"{new string('x', 252 - request.Length - 2)}\"]", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_that_wait_on_a_server_that_stops_run_or_are_turned_away(bool tls)
    {
        const int count = 2000;
        using Authority authority = new();
        GawServerOptions options = new() { MaxConcurrentCalls = 1, DrainTimeout = Timeout.InfiniteTimeSpan, Tls = tls ? authority.Server() : null };
        await using GuardedServer server = await GuardedServer.StartAsync(options);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, Tls = tls ? authority.Client() : null });
        await using GawClient blocking = new("127.0.0.1", server.Port, new GawClientOptions { Tls = tls ? authority.Client() : null });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> blocked = blocking.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        string text = new('x', 100);
        Task<string>[] calls = [.. Enumerable.Range(0, count).Select(_ => client.CallAsync<string>("vault/echo", [text], cancellationToken: Token))];
        await using RawPeer idle = await RawPeer.ConnectAsync(server.Port);
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 3);
        Task stopping = server.Server.StopAsync(Token);
        await idle.ReadFramesUntilClosedAsync();
        server.Vault.Open.TrySetResult();

        int answered = 0;
        foreach (Task<string> call in calls)
        {
            try
            {
                (await call.WithinAsync(TestTimeouts.Limit, () => "a call did not end")).Should().Be(text);
                answered++;
            }
            catch (GawConnectionException e)
            {
                e.Execution.Should().Be(CallExecution.NotRun, e.Message);
            }
        }

        await blocked;
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
        server.Vault.Runs.Should().Be(answered + 2, "each ran once or not at all");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_was_given_up_before_it_could_be_sent_is_not_sent(bool cancelled)
    {
        await using BadServer server = BadServer.Start(BadServer.Hang);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { MaxConnections = 1, Retries = 0 });
        Task first = client.CallAsync<int>("vault/count", cancellationToken: Token);
        await server.WaitForRequestsAsync(1);
        using CancellationTokenSource givenUp = new();
        Func<Task> calling = () => client.CallAsync<int>("vault/count", cancellationToken: givenUp.Token, options: cancelled ? null : new CallOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        Task second = calling();
        if (cancelled)
        {
            await givenUp.CancelAsync();
            await second.Awaiting(call => call).Should().ThrowAsync<OperationCanceledException>();
        }
        else
        {
            await second.Awaiting(call => call).Should().ThrowAsync<TimeoutException>().WithMessage("*was not sent*");
        }

        client.Dispose();
        await first.Awaiting(call => call).Should().ThrowAsync<GawConnectionException>();
        await server.WaitForClosedAsync(1);
        server.RequestCount.Should().Be(1);
    }

    [Fact]
    public async Task A_client_of_one_connection_does_not_wait_for_the_calls_that_end_on_a_server_that_stops()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { MaxConnections = 1, Retries = 0 });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> inFlight = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        Task stopping = server.Server.StopAsync(Token);
        Func<Task> callAgainAndAgain = async () =>
        {
            while (true)
            {
                await client.CallAsync<int>("vault/count", cancellationToken: Token).WithinAsync(TestTimeouts.Limit, () => "the call waits");
            }
        };

        for (int i = 0; i < 3; i++)
        {
            (await callAgainAndAgain.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
        }

        inFlight.IsCompleted.Should().BeFalse();
        server.Vault.Open.TrySetResult();
        await inFlight;
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
    }

    [Fact]
    public async Task A_connection_that_ends_while_it_is_opened_is_not_kept()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using PostOfficeClient client = new("127.0.0.1", server.Port, new PostOfficeClientOptions { MaxConnections = 1, CallTimeout = TimeSpan.FromSeconds(5) }, "test", static (connection, _) => ((IDisposable)connection).Dispose());

        Func<Task> sending = () => client.SendAsync("1"u8.ToArray(), Token);
        (await sending.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
        client.Carrier.TakesCalls.Should().BeFalse();
    }

    [Fact]
    public async Task A_short_drain_timeout_cuts_off_no_idle_connection()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(90) });
        await using GawClient client = new("127.0.0.1", server.Port);
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        await using RawPeer idle = await RawPeer.ConnectAsync(server.Port);
        await idle.AskAsync(GuardedServer.Count());
        await server.Server.StopAsync(Token);

        server.Log.Entries.Should().NotContain(entry => entry.Id.Id == 106);
    }

    [Fact]
    public async Task One_of_several_calls_can_be_cancelled_on_a_server_that_stops()
    {
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Endless(began, cancelled)).Add<CountedService>(new Runs()), new GawServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan });
        await using GawClient client = server.Connect(new GawClientOptions { Retries = 0 });
        (await client.CallAsync<int>("counted/same", [1], cancellationToken: Token)).Should().Be(1);
        using CancellationTokenSource givenUp = new(), givenUpLater = new();
        Task call = client.CallAsync<object?>("endless/wait", cancellationToken: givenUp.Token);
        Task other = client.CallAsync<object?>("endless/wait", cancellationToken: givenUpLater.Token);
        await began.WaitForAsync(2);
        Task stopping = server.Server.StopAsync(Token);
        Func<Task> callAgainAndAgain = async () =>
        {
            while (true)
            {
                await client.CallAsync<int>("counted/same", [1], cancellationToken: Token);
            }
        };
        await callAgainAndAgain.Should().ThrowAsync<GawConnectionException>();
        await givenUp.CancelAsync();

        await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        await cancelled.WaitForAsync(1);
        other.IsCompleted.Should().BeFalse();
        await givenUpLater.CancelAsync();
        await cancelled.WaitForAsync(2);
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
        await other.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_of_a_client_that_is_disposed_under_them_say_so(bool synchronous)
    {
        Protection protection = Protection.Named("signed256");
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server);
        for (int round = 0; round < (ClientConformanceTests.IsLong ? 3000 : 30); round++)
        {
            GawClient client = new("127.0.0.1", server.Port, protection.Client);
            Tally answered = new("calls");
            Task<Exception>[] callers = [.. Enumerable.Range(0, 12).Select(_ => DedicatedThread.RunAsync(() =>
            {
                try
                {
                    while (true)
                    {
                        _ = synchronous ? client.Call<int>("vault/count") : client.CallAsync<int>("vault/count", cancellationToken: Token).GetAwaiter().GetResult();
                        answered.Add();
                    }
                }
                catch (Exception e)
                {
                    return e;
                }
            }))];
            await answered.WaitForAsync(20);
            client.Dispose();
            foreach (Exception e in await Task.WhenAll(callers).WithinAsync(TestTimeouts.Limit, () => "a call did not end"))
            {
                (e is GawConnectionException or ObjectDisposedException).Should().BeTrue(e.ToString());
                e.Message.Should().Contain("The client was disposed.");
            }
        }
    }

    [Fact]
    public async Task A_failure_is_said_once_where_no_other_attempt_was_made()
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { KeepReplies = TimeSpan.FromMinutes(2), DrainTimeout = TimeSpan.FromMilliseconds(1) });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { RetryWhen = RetryWhen.KeptReplies, Retries = 0 });
        Task<int> call = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        await server.Server.StopAsync(Token);

        (await call.Awaiting(c => c).Should().ThrowAsync<GawConnectionException>()).Which.Message.Should().NotContain("Before that");
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_tls_handshake_nor_blame_it()
    {
        using Authority authority = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = authority.Server() });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 1);
        await server.Server.StopAsync(Token).WithinAsync(TimeSpan.FromSeconds(8), () => "the server did not stop");

        server.Log.Entries.Should().NotContain(entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_floods_does_not_hold_up_a_stop_beyond_the_drain_timeout(bool parallel)
    {
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(500) });
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        byte[] flood = [.. Enumerable.Range(0, 100).SelectMany(i => RawPeer.Frame(parallel ? Parallel($"{i}", "vault/count") : RawPeer.Request($"{i}", "vault/count")))];
        Task flooding = Task.Run(async () =>
        {
            while (true)
            {
                await peer.SendAsync(flood);
            }
        }, Token);
        Task reading = peer.ReadToEndAsync();
        await Eventually.BecomesTrueAsync(() => server.Vault.Runs > 100);
        await server.Server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, () => "the server did not stop");

        await flooding.Awaiting(f => f).Should().ThrowAsync<System.Net.Sockets.SocketException>();
        await Task.WhenAny(reading).WithinAsync(TestTimeouts.Limit, () => "the connection was not closed");
    }
}
