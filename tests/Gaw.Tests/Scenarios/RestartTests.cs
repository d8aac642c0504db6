using System.Collections.Concurrent;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows F1, F2, D4 and B8: servers that stop and come back, and clients that go, while calls are under way.</summary>
public sealed class RestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", true)]
    [InlineData("plain", false)]
    [InlineData("signed256", true)]
    [InlineData("encrypted256", false)]
    public async Task F1_A_stop_answers_callers_that_wait_and_methods_that_keep_their_thread(string mode, bool oneClient)
    {
        const int count = 12;
        Protection protection = Protection.Named(mode);
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server);
        GawClient[] clients = [.. Enumerable.Range(0, oneClient ? 1 : count).Select(_ => new GawClient("127.0.0.1", server.Port, protection.Client))];
        foreach (GawClient client in clients)
        {
            // With the first answer a client learns that one connection carries all its calls.
            (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        }

        Task<int>[] calls = [.. Enumerable.Range(0, count).Select(i =>
        {
            GawClient client = clients[i % clients.Length];
            string path = i % 3 == 0 ? "vault/block" : "vault/wait";
            return i % 2 == 0 ? DedicatedThread.RunAsync(() => client.Call<int>(path)) : client.CallAsync<int>(path, cancellationToken: Token);
        })];
        await server.Vault.Entered.WaitForAsync(count);
        Task stopping = server.Server.StopAsync(Token);
        stopping.IsCompleted.Should().BeFalse("calls are in flight");
        calls.Should().OnlyContain(call => !call.IsCompleted);
        server.Vault.Open.TrySetResult();

        int[] runs = await Task.WhenAll(calls).WithinAsync(TestTimeouts.Limit, () => "a call in flight was not answered");
        runs.Should().BeEquivalentTo(Enumerable.Range(clients.Length + 1, count), "each ran once");
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
        server.Server.Connections.Should().Be(0);
        Func<Task> calling = () => clients[0].CallAsync<int>("vault/count", cancellationToken: Token);
        (await calling.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task F2_Restarts_under_load_lose_no_call_that_was_received_and_run_none_twice()
    {
        int restarts = ClientConformanceTests.IsLong ? 200 : 20;
        await using Restarting server = await Restarting.StartAsync();
        GawClient[] clients = [.. Enumerable.Range(0, 8).Select(_ => new GawClient("127.0.0.1", server.Port))];
        List<(int Number, Ending Ending)>[] ended = [.. clients.Select(_ => new List<(int, Ending)>())];
        Tally[] answered = [.. clients.Select(_ => new Tally("calls"))];
        using CancellationTokenSource enough = new();
        Task[] callers = [.. clients.Select((client, i) => Task.Run(async () =>
        {
            for (int call = 0; !enough.IsCancellationRequested; call++)
            {
                int number = server.Runs.NewCall();
                ended[i].Add((number, await Endings.CallAsync(client, number, synchronous: i % 2 == 0, path: call % 2 == 0 ? "counted/same" : "counted/later")));
                answered[i].Add();
            }
        }))];
        await server.RestartAsync(restarts, between: () => Task.WhenAll(answered.Select(calls => calls.WaitForAsync(calls.Value + 5))));
        await enough.CancelAsync();
        await Task.WhenAll(callers).WithinAsync(TestTimeouts.Limit, () => "a call did not end");
        Array.ForEach(clients, client => client.Dispose());

        Array.ForEach(ended, server.Check);
        ended.Sum(calls => calls.Count(call => call.Ending != Ending.Result))
            .Should().BeLessThanOrEqualTo(1 + (restarts / 50), "what came too late was turned away and went to the next server, unless the system let it in as the listener closed");
    }

    [Fact]
    public async Task F2_A_server_that_stops_tells_its_caller_and_turns_away_what_comes_too_late()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.AskAsync(Parallel("1", "vault/count"));
        await peer.SendFrameAsync(Parallel("2", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);
        Task stopping = server.Server.StopAsync(Token);

        (await peer.ReadFrameAsync()).Should().Be("""{"succ": true, "data": null, "meta": {"stopping": true}}""");
        // What the server had been about to receive still runs; that ends soon.
        int id = 3;
        string? answer;
        while ((answer = await peer.AskAsync(Parallel($"{id}", "vault/count")))!.Contains("\"success\": true", StringComparison.Ordinal))
        {
            id++.Should().BeLessThan(10);
        }

        answer.Should().Be(
            $$$"""{"succ": true, "data": {"_v": {"resp_to": {{{id}}}, "success": false, "payload": {"name": "ServerStopping", "message": "The server stops and takes no further calls; this one has not run.", "trace": null}}, "_t": "ResponseDataType"}, "meta": {"stopping": true}}""");
        (await peer.AskAsync(Parallel("11", "vault/count"))).Should().Contain("ServerStopping");
        stopping.IsCompleted.Should().BeFalse("a call is in flight");
        server.Vault.Open.TrySetResult();
        (await peer.ReadFramesUntilClosedAsync()).Should().ContainSingle().Which.Should().Contain("\"resp_to\": 2, \"success\": true");
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
        server.Vault.Runs.Should().Be(id - 1, "what was turned away has not run");
    }

    [Fact]
    public async Task F2_A_peer_that_answers_come_to_in_order_gets_nothing_but_answers_from_a_server_that_stops()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await server.Vault.Entered.WaitForAsync(1);
        Task stopping = server.Server.StopAsync(Token);
        server.Vault.Open.TrySetResult();

        (await peer.ReadFramesUntilClosedAsync()).Should().ContainSingle()
            .Which.Should().Be("""{"succ": true, "data": {"_v": {"resp_to": 1, "success": true, "payload": 1}, "_t": "ResponseDataType"}}""");
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F2_A_call_beside_another_on_a_server_that_stops_goes_to_the_next_server(bool synchronous)
    {
        await using GuardedServer stops = await GuardedServer.StartAsync();
        await using GuardedServer next = await GuardedServer.StartAsync();
        await using GawClient client = new([$"127.0.0.1:{stops.Port}", $"127.0.0.1:{next.Port}"], new GawClientOptions { Retries = 1 });
        await using GawClient alone = new("127.0.0.1", stops.Port, new GawClientOptions { Retries = 0 });
        for (int i = 0; i < 2; i++)
        {
            // They take turns.
            await client.CallAsync<int>("vault/count", cancellationToken: Token);
        }

        await alone.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int>[] inFlight = [.. new[] { client, client, alone }.Select(used => used.CallAsync<int>("vault/wait", cancellationToken: Token))];
        await stops.Vault.Entered.WaitForAsync(2);
        await next.Vault.Entered.WaitForAsync(1);
        Task stopping = stops.Server.StopAsync(Token);

        // What comes before the server has begun to stop still runs.
        Func<Task> callAgainAndAgain = async () =>
        {
            while (true)
            {
                await CountAsync(alone);
            }
        };
        (await callAgainAndAgain.Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
        for (int i = 0; i < 4; i++)
        {
            await CountAsync(client);
        }

        inFlight.Should().OnlyContain(call => !call.IsCompleted, "none of this waits for the calls that still run");
        stops.Vault.Open.TrySetResult();
        next.Vault.Open.TrySetResult();
        await Task.WhenAll(inFlight);
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");

        Task<int> CountAsync(GawClient used) => synchronous
            ? DedicatedThread.RunAsync(() => used.Call<int>("vault/count"))
            : used.CallAsync<int>("vault/count", cancellationToken: Token);
    }

    [Fact]
    public async Task F2_A_call_can_be_cancelled_on_a_server_that_stops()
    {
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Endless(began, cancelled)).Add<CountedService>(new Runs()));
        await using GawClient client = server.Connect();
        (await client.CallAsync<int>("counted/same", [1], cancellationToken: Token)).Should().Be(1);
        using CancellationTokenSource givenUp = new();
        Task call = client.CallAsync<object?>("endless/wait", cancellationToken: givenUp.Token);
        await began.WaitForAsync(1);

        Task stopping = server.Server.StopAsync(Token);
        await givenUp.CancelAsync();

        await call.Awaiting(c => c).Should().ThrowAsync<OperationCanceledException>();
        await cancelled.WaitForAsync(1);
        await stopping.WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
    }

    [Fact]
    public async Task D4_Sixty_four_threads_share_a_client_while_its_server_restarts()
    {
        await using Restarting server = await Restarting.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        ConcurrentQueue<(int Number, Ending Ending)> ended = new();
        using CancellationTokenSource enough = new();
        Task[] threads = [.. Enumerable.Range(0, 64).Select(i => DedicatedThread.RunAsync(() =>
        {
            int failures = 0;
            while (!enough.IsCancellationRequested)
            {
                int number = server.Runs.NewCall();
                Ending ending = Ending.Result;
                try
                {
                    client.Call<int>("counted/same", [number]).Should().Be(number);
                }
                catch (GawConnectionException e)
                {
                    ending = Endings.Of(e);
                    failures++;
                }

                ended.Enqueue((number, ending));
                server.Answered.Add();
            }

            return failures;
        }))];
        await server.RestartAsync(10, between: () => server.Answered.WaitForAsync(server.Answered.Value + (ClientConformanceTests.IsLong ? 30_000 : 1000)));
        await enough.CancelAsync();
        await Task.WhenAll(threads).WithinAsync(TestTimeouts.Limit, () => "a thread did not end");

        server.Check(ended);
        (await client.CallAsync<int>("counted/same", [1], cancellationToken: Token)).Should().Be(1);
    }

    [Fact]
    public async Task B8_The_tokens_of_a_thousand_calls_are_cancelled_when_their_clients_are_gone_and_nothing_is_left()
    {
        Tally began = new("calls"), cancelled = new("cancelled calls");
        await using TestServer server = await TestServer.StartAsync(s => s.Add(() => new Endless(began, cancelled)));
        List<RawPeer> peers = [];
        for (int i = 0; i < 20; i++)
        {
            // As a .NET client's, whose calls run side by side.
            RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            peers.Add(peer);
            byte[] call = RawPeer.Frame(Parallel("1", "endless/wait"));
            await peer.SendAsync([.. Enumerable.Range(0, 50).SelectMany(_ => call)]);
        }

        await began.WaitForAsync(1000);
        server.Server.RunningCalls.Should().Be(1000);
        peers.ForEach(peer => peer.Reset());

        await cancelled.WaitForAsync(1000);
        await server.IsEmptyAsync();
        server.Server.RunningCalls.Should().Be(0);
    }

    /// <summary>As a .NET client writes it, which does not wait for the answers in order.</summary>
    internal static string Parallel(string id, string path) => RawPeer.WithMeta(RawPeer.Request(id, path));

    public sealed class Endless(Tally began, Tally cancelled)
    {
        [Entrypoint]
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            began.Add();
            await cancelled.AddWhenCancelledAsync(cancellationToken);
        }
    }

    /// <summary>A server that can be stopped and started again on its port, over and over.</summary>
    private sealed class Restarting : IAsyncDisposable
    {
        private readonly LogCollector _log = new(Microsoft.Extensions.Logging.LogLevel.Error);
        private GawServer _server = null!;

        public Runs Runs { get; } = new();

        /// <summary>Calls that have ended.</summary>
        public Tally Answered { get; } = new("calls");

        public int Port { get; private set; }

        public static async Task<Restarting> StartAsync()
        {
            Restarting restarting = new();
            await restarting.StartOneAsync();
            return restarting;
        }

        /// <summary>Stops and starts, with something to wait for before, between and after.</summary>
        public async Task RestartAsync(int times, Func<Task> between)
        {
            for (int i = 0; i < times; i++)
            {
                await between();
                await _server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, () => "the server did not stop");
                await StartOneAsync();
            }

            await between();
        }

        /// <summary>Each of these calls ran once and ended with its result; or it came too late, and its caller was told that it may have run.</summary>
        public void Check(IReadOnlyCollection<(int Number, Ending Ending)> calls)
        {
            calls.Select(call => call.Ending).Should().OnlyContain(ending => ending == Ending.Result || ending == Ending.Unknown);
            calls.Should().OnlyContain(call => Runs.Of(call.Number) == (call.Ending == Ending.Result ? 1 : 0), "a server that stops in order answers what it has run");
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            _log.Errors.Should().BeEmpty("the server logs an error only when it has failed itself");
        }

        private async Task StartOneAsync()
        {
            _server = new GawServer("127.0.0.1", Port, new GawServerOptions { LoggerFactory = _log }).Add<CountedService>(Runs);
            await _server.StartAsync(Token);
            Port = _server.LocalEndPoint.Port;
        }
    }
}
