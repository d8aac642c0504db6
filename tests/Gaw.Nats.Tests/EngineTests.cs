using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;

namespace Gaw.Nats.Tests;

/// <summary>The engine goes away and comes back.</summary>
public sealed class EngineTests(ITestOutputHelper output)
{
    private const int Callers = 32;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An engine that ends swallows what was written to it before its end was noticed: what became of such a call nobody knows, so it is repeated where it may be.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_engine_that_is_restarted_costs_no_idempotent_call_and_of_the_others_those_in_flight_at_most(bool idempotent)
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        await using GawServer server = new GawServer(address).Add<Shelf>();
        await server.StartAsync(Cancellation);
        await using GawClient client = new([address]);
        await using Load load = Load.Start(client, Callers, options: new CallOptions { Idempotent = idempotent });
        await load.AnswersAsync(500);

        await engine.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        await engine.RestartAsync();
        await load.AnswersAsync(500);
        await load.StopAsync();

        output.WriteLine(load.ToString());
        load.Failures.Where(static e => e is not GawConnectionException { Execution: CallExecution.Unknown }).Should().BeEmpty();
        load.Failures.Count.Should().BeLessThanOrEqualTo(idempotent ? 0 : Callers);
    }

    [Fact]
    public async Task An_engine_that_is_killed_costs_no_more_than_the_calls_in_flight()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        await using WorkerProcess worker = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address]);
        await using Load load = Load.Start(client, Callers);
        await load.AnswersAsync(500);

        engine.Kill();
        await engine.RestartAsync();
        await load.AnswersAsync(500);
        await load.StopAsync();

        output.WriteLine(load.ToString());
        load.Failures.Where(static e => e is not GawConnectionException { Execution: CallExecution.Unknown }).Should().BeEmpty();
        load.Failures.Count.Should().BeLessThanOrEqualTo(Callers);
        worker.Runs.Should().OnlyHaveUniqueItems("no call runs twice");
    }

    [Fact]
    public async Task A_call_while_the_engine_is_away_waits_for_it()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        await using GawServer server = new GawServer(address).Add<Shelf>();
        await server.StartAsync(Cancellation);
        await using GawClient client = new([address]);
        await client.CallAsync<int>("shelf/take", [0, 0], cancellationToken: Cancellation);
        await engine.StopAsync();

        // Sent before the end of the engine was noticed it may be swallowed, so that only an idempotent call is sure to be answered.
        Task<int> call = client.CallAsync<int>("shelf/take", [1, 0], cancellationToken: Cancellation, options: new CallOptions { Idempotent = true });
        await engine.RestartAsync();

        (await call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_without_an_engine_has_not_run_and_says_so(bool wasThere)
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress("anna:top-secret@");
        await using GawClient client = new([address], new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        if (wasThere)
        {
            (await FluentActions.Awaiting(() => client.CallAsync<int>("shelf/take", [0, 0], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which.Message.Should().Contain("Nobody serves shelf at nats://127.0.0.1:");
        }

        await engine.StopAsync();

        // One that was sent before the engine's end was noticed may have run, for all that its caller knows.
        await FluentActions.Awaiting(() => client.CallAsync<int>("shelf/take", [0, 0], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>();

        GawConnectionException e = (await FluentActions.Awaiting(() => client.CallAsync<int>("shelf/take", [0, 0], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which;
        e.Execution.Should().Be(CallExecution.NotRun);
        e.ToString().Should().Contain($"nats://127.0.0.1:{engine.Port}").And.NotContain("top-secret").And.NotContain("anna");
    }

    [Fact]
    public async Task A_call_in_flight_ends_where_the_engine_stays_away()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        await using GawServer server = new GawServer(address, new GawServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(500) }).Add<Shelf>();
        await server.StartAsync(Cancellation);
        await using GawClient client = new([address]);
        Task<int> call = client.CallAsync<int>("shelf/take", [1, 60_000], cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(() => server.RunningCalls == 1);

        engine.Kill();

        (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call was not given up")).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_while_the_engine_is_away_takes_no_longer_than_its_time(bool isBusy)
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        GawServer server = new GawServer(address, new GawServerOptions { DrainTimeout = TimeSpan.FromSeconds(1) }).Add<Shelf>();
        await server.StartAsync(Cancellation);
        await using GawClient client = new([address]);
        Task<int>? call = isBusy ? client.CallAsync<int>("shelf/take", [1, 60_000], cancellationToken: Cancellation) : null;
        await Eventually.BecomesTrueAsync(() => server.RunningCalls == (isBusy ? 1 : 0));
        engine.Kill();

        await server.DisposeAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");

        if (call is not null)
        {
            await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>();
        }
    }

    [Fact]
    public async Task A_server_waits_for_an_engine_that_is_not_there_yet()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        await engine.StopAsync();
        using LogCollector log = new();
        await using GawServer server = new GawServer(address, new GawServerOptions { LoggerFactory = log }).Add<Shelf>();

        Task starting = server.StartAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => log.Entries.Any(static line => line.Text.Contains("cannot be reached yet", StringComparison.Ordinal)));
        await engine.RestartAsync();

        await starting.WithinAsync(TestTimeouts.Limit, static () => "the server did not start");
        await using GawClient client = new([address]);
        (await client.CallAsync<int>("shelf/take", [3, 0], cancellationToken: Cancellation)).Should().Be(3);
    }

    [Fact]
    public async Task A_service_that_is_added_while_the_engine_is_away_is_served_once_it_is_back()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        using LogCollector log = new();
        await using GawServer server = new GawServer(address, new GawServerOptions { LoggerFactory = log }).Add<Shelf>();
        await server.StartAsync(Cancellation);
        await engine.StopAsync();
        await Eventually.BecomesTrueAsync(() => log.Entries.Any(static line => line.Text.Contains("is lost", StringComparison.Ordinal)));

        server.AddNamed<Shelf>("second_shelf");
        await engine.RestartAsync();
        await Eventually.BecomesTrueAsync(() => log.Entries.Any(static line => line.Text.Contains("is there again", StringComparison.Ordinal)));

        // It is listened to a moment later: until then nobody serves it.
        await using GawClient client = new([address], new GawClientOptions { ConnectTimeout = TestTimeouts.Limit });
        (await client.CallAsync<int>("second_shelf/take", [4, 0], cancellationToken: Cancellation)).Should().Be(4);
    }

    [Fact]
    public async Task A_user_that_the_engine_does_not_know_is_told_so_at_once_without_the_password()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync("authorization { users = [ { user: anna, password: \"p@ss\" } ] }");
        await using GawServer right = new GawServer(engine.NewAddress("anna:p%40ss@")).Add<Shelf>();
        await right.StartAsync(Cancellation);
        string wrong = engine.NewAddress("anna:not-this@");
        await using GawServer server = new GawServer(wrong).Add<Shelf>();
        await using GawClient client = new([wrong]);

        string onServer = (await FluentActions.Awaiting(() => server.StartAsync(Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which.ToString();
        string onClient = (await FluentActions.Awaiting(() => client.CallAsync<int>("shelf/take", [0, 0], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which.ToString();

        onServer.Should().Contain("refuses the user or password").And.NotContain("not-this");
        onClient.Should().Contain("refuses the user or password").And.NotContain("not-this");
    }

    [Service("shelf")]
    public sealed class Shelf
    {
        [Entrypoint]
        public static async Task<int> TakeAsync(int number, int milliseconds, CancellationToken cancellationToken)
        {
            await Task.Delay(milliseconds, cancellationToken);
            return number;
        }
    }
}
