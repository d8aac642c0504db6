using Gaw.Nats.Bridging;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Nats.Tests;

/// <summary>Workers that may run only some calls at once: what becomes of the others.</summary>
public sealed class FullWorkerTests
{
    /// <summary>So many wait at most at a worker with one place.</summary>
    private const int MostWaiting = 64;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task As_many_calls_run_at_once_as_all_workers_together_may_run(int workers)
    {
        const int places = 4;
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();
        List<GawServer> servers = [];
        for (int i = 0; i < workers; i++)
        {
            servers.Add(await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = places }));
        }

        await using GawClient client = new([address]);
        Task<int>[] calls = [.. Enumerable.Range(0, workers * places).Select(number => client.CallAsync<int>("gate/enter", [number], cancellationToken: Cancellation))];

        await gate.Inside.WaitForAsync(workers * places);
        gate.Open.SetResult();

        (await Task.WhenAll(calls)).Should().Equal(Enumerable.Range(0, calls.Length));
        foreach (GawServer server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Calls_that_wait_at_a_full_worker_begin_as_places_become_free_without_a_pause_of_their_callers()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();

        // Both clocks stand still: a pause would never end.
        await using GawServer server = await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = 1, TimeProvider = new FakeTimeProvider() });
        await using GawClient client = new([address], new GawClientOptions { TimeProvider = new FakeTimeProvider() });
        Task<int>[] calls = [.. Enumerable.Range(0, 40).Select(number => client.CallAsync<int>("gate/enter", [number], cancellationToken: Cancellation))];
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls == 39);

        gate.Inside.Value.Should().Be(1);
        server.RunningCalls.Should().Be(1);
        gate.Open.SetResult();

        (await Task.WhenAll(calls)).Should().Equal(Enumerable.Range(0, 40));
        gate.Most.Should().Be(1);
    }

    [Fact]
    public async Task What_may_not_even_wait_has_not_run()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();

        // A clock that stands still gives no call back.
        await using GawServer server = await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = 1, TimeProvider = new FakeTimeProvider() });
        await using GawClient client = new([address], new GawClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(500) });
        Task<int>[] calls = [.. Enumerable.Range(0, MostWaiting + 1).Select(number => client.CallAsync<int>("gate/enter", [number], cancellationToken: Cancellation))];
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls == MostWaiting);

        GawConnectionException busy = (await FluentActions.Awaiting(() => client.CallAsync<int>("gate/enter", [-1], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which;
        string pong = await client.CallAsync<string>("_gaw/ping", cancellationToken: Cancellation);
        gate.Open.SetResult();
        await Task.WhenAll(calls);

        busy.Execution.Should().Be(CallExecution.NotRun);
        busy.Message.Should().Contain("runs as many calls as it may");
        pong.Should().Be("pong", "questions about the worker need no place");
        gate.Runs.Value.Should().Be(MostWaiting + 1);
    }

    [Fact]
    public async Task A_call_that_waits_at_a_full_worker_finds_the_place_of_one_that_is_added()
    {
        Gate closed = new();
        Gate open = new();
        open.Open.SetResult();
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer full = await StartAsync(address, closed, new GawServerOptions { MaxConcurrentCalls = 1 });
        await using GawClient client = new([address]);
        Task<int> running = client.CallAsync<int>("gate/enter", [1], cancellationToken: Cancellation);
        await closed.Inside.WaitForAsync(1);
        Task<int> waiting = client.CallAsync<int>("gate/enter", [2], cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(() => full.QueuedCalls > 0);

        await using GawServer added = await StartAsync(address, open, new GawServerOptions { MaxConcurrentCalls = 1 });

        (await waiting).Should().Be(2);
        open.Runs.Value.Should().Be(1);
        closed.Open.SetResult();
        (await running).Should().Be(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_waiting_call_whose_caller_is_gone_does_not_run(bool isCancelled)
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = 1 });
        await using GawClient client = new([address]);
        Task<int> running = client.CallAsync<int>("gate/enter", [1], cancellationToken: Cancellation);
        await gate.Inside.WaitForAsync(1);
        using CancellationTokenSource cancellation = new();
        Task<int> given = client.CallAsync<int>("gate/enter", [2], options: isCancelled ? null : new CallOptions { Timeout = TimeSpan.FromMilliseconds(300) }, cancellationToken: cancellation.Token);
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls > 0);

        if (isCancelled)
        {
            await cancellation.CancelAsync();
        }

        await FluentActions.Awaiting(() => given).Should().ThrowAsync<Exception>();

        // The worker has let it go before its turn comes.
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls == 0);
        gate.Open.SetResult();
        await running;
        (await client.CallAsync<int>("gate/enter", [3], cancellationToken: Cancellation)).Should().Be(3);
        gate.Runs.Value.Should().Be(2);
    }

    [Fact]
    public async Task A_worker_that_stops_runs_what_waits_there()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = 1, TimeProvider = new FakeTimeProvider() });
        await using GawClient client = new([address]);
        Task<int>[] calls = [.. Enumerable.Range(0, 10).Select(number => client.CallAsync<int>("gate/enter", [number], cancellationToken: Cancellation))];
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls == 9);

        Task stopping = server.StopAsync(Cancellation);
        gate.Open.SetResult();

        (await Task.WhenAll(calls)).Should().Equal(Enumerable.Range(0, 10));
        await stopping;
    }

    [Fact]
    public async Task Calls_that_wait_at_a_worker_that_is_cut_off_run_on_another()
    {
        Gate closed = new();
        Gate open = new();
        open.Open.SetResult();
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer full = await StartAsync(address, closed, new GawServerOptions { MaxConcurrentCalls = 1, DrainTimeout = TimeSpan.FromMilliseconds(100) });
        await using GawClient client = new([address]);
        Task<int> running = client.CallAsync<int>("gate/enter", [-1], cancellationToken: Cancellation);
        await closed.Inside.WaitForAsync(1);
        Task<int>[] waiting = [.. Enumerable.Range(0, 20).Select(number => client.CallAsync<int>("gate/enter", [number], cancellationToken: Cancellation))];
        await Eventually.BecomesTrueAsync(() => full.QueuedCalls > 0);
        await using GawServer added = await StartAsync(address, open, new GawServerOptions { MaxConcurrentCalls = 100 });

        await full.StopAsync(Cancellation);

        (await Task.WhenAll(waiting)).Should().Equal(Enumerable.Range(0, 20), "they have not run, so they are sent again");
        open.Runs.Value.Should().Be(20);
        closed.Runs.Value.Should().Be(1);
        closed.Open.SetResult();
        await running.WithinAsync(TestTimeouts.Limit, static () => "the call that was cut off").ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
    }

    [Fact]
    public async Task Requests_of_a_bridge_wait_for_a_place_as_others_do()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = 1 });
        using NatsDocumentClient bridge = new(address, new GawClientOptions());
        Task<byte[]>[] requests = [.. Enumerable.Range(0, 20).Select(number => bridge.SendAsync("gate/enter", Document(number), Cancellation))];
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls > 0 || requests.Any(static request => request.IsCompleted));

        gate.Open.SetResult();

        byte[][] answers = await Task.WhenAll(requests);
        answers.Select(System.Text.Encoding.UTF8.GetString).Should().OnlyContain(static answer => answer.Contains("\"success\": true"));
        gate.Runs.Value.Should().Be(20);

        // As Python writes it: nothing tells how long it waits.
        static byte[] Document(int number) => System.Text.Encoding.UTF8.GetBytes(
            $$$$"""{"_v": {"id": {{{{number}}}}, "path": "gate/enter", "payload": {"args": {"_v": [{{{{number}}}}], "_t": "tuple"}, "kwargs": {}}}, "_t": "RequestDataType"}""");
    }

    [Fact]
    public async Task A_stream_begins_at_a_full_worker_since_it_takes_no_place()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();

        // A clock that stands still gives no call back.
        await using GawServer server = await StartAsync(address, gate, new GawServerOptions { MaxConcurrentCalls = 1, TimeProvider = new FakeTimeProvider() });
        await using GawClient client = new([address]);
        Task<int> running = client.CallAsync<int>("gate/enter", [1], cancellationToken: Cancellation);
        await gate.Inside.WaitForAsync(1);

        int[] items = await client.StreamAsync<int>("gate/count", [3], cancellationToken: Cancellation).ToArrayAsync(Cancellation);

        items.Should().Equal(0, 1, 2);
        running.IsCompleted.Should().BeFalse("it keeps the only place");
        gate.Open.SetResult();
        (await running).Should().Be(1);
    }

    [Fact]
    public async Task A_call_that_outlives_its_worker_finds_the_keys_until_it_has_ended()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();
        Secret secret = Secret.Generate();
        using LogCollector log = new();
        GawServer server = await StartAsync(address, gate, new GawServerOptions { Secret = secret, DrainTimeout = TimeSpan.FromMilliseconds(100), LoggerFactory = log });
        await using GawClient client = new([address], new GawClientOptions { Secret = secret });
        Task<int> call = client.CallAsync<int>("gate/enter", [1], cancellationToken: Cancellation);
        await gate.Inside.WaitForAsync(1);
        await server.DisposeAsync();

        gate.Open.SetResult();

        await Eventually.BecomesTrueAsync(() => server.RunningCalls == 0);
        log.Errors.Should().BeEmpty();
        log.Text.Should().NotContain("threw", "the reply can be sealed; only the engine is gone");
        (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
    }

    [Fact]
    public async Task A_call_that_disposes_its_own_server_is_answered_though_its_keys_are_cleared_then()
    {
        Gate gate = new();
        string address = await NatsEngine.GetAddressAsync();
        Secret secret = Secret.Generate();
        gate.Server = await StartAsync(address, gate, new GawServerOptions { Secret = secret });
        await using GawClient client = new([address], new GawClientOptions { Secret = secret });

        (await client.CallAsync<string>("gate/close", cancellationToken: Cancellation)).Should().Be("closed");
    }

    private static async Task<GawServer> StartAsync(string address, Gate gate, GawServerOptions options)
    {
        GawServer server = new GawServer(address, options with { SelfDescription = SelfDescriptionPolicy.Always }).AddNamed<Gated>("gate", gate);
        await server.StartAsync(Cancellation);
        return server;
    }

    public sealed class Gate
    {
        private int _inside;

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GawServer? Server { get; set; }

        public Tally Inside { get; } = new("calls that wait inside");

        public Tally Runs { get; } = new("runs");

        /// <summary>So many were inside at once.</summary>
        public int Most { get; private set; }

        public async Task PassAsync()
        {
            lock (Open)
            {
                Most = Math.Max(Most, ++_inside);
            }

            Runs.Add();
            Inside.Add();
            await Open.Task;
            lock (Open)
            {
                _inside--;
            }
        }
    }

    public sealed class Gated(Gate gate)
    {
        [Entrypoint]
        public async Task<int> EnterAsync(int number)
        {
            await gate.PassAsync();
            return number;
        }

        [Entrypoint]
        public async Task<string> CloseAsync()
        {
            await gate.Server!.DisposeAsync();
            return "closed";
        }

        [Entrypoint]
        public IAsyncEnumerable<int> CountAsync(int count) => Enumerable.Range(0, count).ToAsyncEnumerable();
    }
}
