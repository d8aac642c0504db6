using System.Collections.Concurrent;
using System.Diagnostics;
using Gaw.PostOffice;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary><c>dns:///name:port</c>: a client calls all servers of a name, and follows when others take their place.</summary>
public sealed class NameTests
{
    /// <summary>Between two look-ups.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly NameZone _zone = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Protection.Modes), MemberType = typeof(Protection))]
    public async Task Calls_go_to_all_servers_of_a_name_in_every_mode(string mode)
    {
        Protection protection = Protection.Named(mode);
        await using GuardedServer first = await GuardedServer.StartAsync(protection.Server);
        await using GuardedServer second = await GuardedServer.StartAsync(protection.Server, first.Port, host: "127.0.0.2");
        _zone.Set("127.0.0.1", "127.0.0.2");
        await using GawClient client = Connect(first.Port, protection.Client);

        for (int i = 0; i < 5; i++)
        {
            client.Call<int>("vault/count");
            await client.CallAsync<int>("vault/count", cancellationToken: Token);
        }

        first.Vault.Runs.Should().BeInRange(4, 6);
        (first.Vault.Runs + second.Vault.Runs).Should().Be(10);
        _zone.Asked.Should().Be(1);
        client.EndPoint.ToString().Should().Be($"dns:///stock.internal:{first.Port}");
    }

    [Fact]
    public async Task A_server_is_trusted_as_the_name_that_it_was_found_by()
    {
        using Authority authority = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = authority.Server("stock.internal") });
        await using GuardedServer other = await GuardedServer.StartAsync(new GawServerOptions { Tls = authority.Server("127.0.0.2") }, server.Port, host: "127.0.0.2");
        _zone.Set("127.0.0.1");
        await using GawClient client = Connect(server.Port, Protection.PlainFrames.Client with { Tls = authority.Client() });
        (await client.CallAsync<int>("vault/count", cancellationToken: Token)).Should().Be(1);

        _zone.Set("127.0.0.2");
        await using GawClient deceived = Connect(server.Port, Protection.PlainFrames.Client with { Tls = authority.Client() });
        await deceived.Awaiting(static one => one.CallAsync<int>("vault/count")).Should().ThrowAsync<GawConnectionException>();
        other.Vault.Runs.Should().Be(0);
    }

    [Fact]
    public async Task A_new_server_gets_calls_and_one_that_is_gone_gets_none_while_its_open_calls_end()
    {
        FakeTimeProvider time = new();
        await using GuardedServer first = await GuardedServer.StartAsync();
        await using GuardedServer second = await GuardedServer.StartAsync(port: first.Port, host: "127.0.0.2");
        _zone.Set("127.0.0.1");
        await using GawClient client = Connect(first.Port, new GawClientOptions { Retries = 0, TimeProvider = time });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        Task<int> open = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await first.Vault.Entered.WaitForAsync(1);

        _zone.Set("127.0.0.2");
        await PassAsync(time, client, "127.0.0.2");
        for (int i = 0; i < 10; i++)
        {
            await client.CallAsync<int>("vault/count", cancellationToken: Token);
        }

        first.Vault.Runs.Should().Be(1);
        second.Vault.Runs.Should().Be(10);
        open.IsCompleted.Should().BeFalse();
        first.Vault.Open.SetResult();
        (await open).Should().Be(2);
        await EventuallyAsync(time, () => first.Server.Connections == 0);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_called_again()
    {
        FakeTimeProvider time = new();
        await using GuardedServer first = await GuardedServer.StartAsync();
        await using GuardedServer second = await GuardedServer.StartAsync(port: first.Port, host: "127.0.0.2");
        _zone.Set("127.0.0.1", "127.0.0.2");
        await using GawClient client = Connect(first.Port, new GawClientOptions { Retries = 0, TimeProvider = time });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        RequestCarrier[] before = ClientInsides.Servers(client);
        _zone.Set("127.0.0.1");
        await PassAsync(time, client, "127.0.0.1");

        _zone.Set("127.0.0.2");
        await PassAsync(time, client, "127.0.0.2");
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        int runs = second.Vault.Runs;
        runs.Should().BePositive();
        ClientInsides.Servers(client).Should().ContainSingle().Which.Should().BeSameAs(before[1], "what is known of a server outlives its absence");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_known_of_a_server_stays_known_with_every_look_up(bool hasChanged)
    {
        FakeTimeProvider time = new();
        await using GuardedServer first = await GuardedServer.StartAsync();
        await using GuardedServer second = await GuardedServer.StartAsync(port: first.Port, host: "127.0.0.2");
        _zone.Set("127.0.0.1", "127.0.0.2");
        await using GawClient client = Connect(first.Port, new GawClientOptions { TimeProvider = time });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        RequestCarrier[] before = ClientInsides.Servers(client);

        _zone.Set(hasChanged ? ["127.0.0.2", "127.0.0.3", "127.0.0.1"] : ["127.0.0.2", "127.0.0.1"]);
        await AskAgainAsync(time);
        await Eventually.BecomesTrueAsync(() => ClientInsides.Servers(client).Length == (hasChanged ? 3 : 2));

        ClientInsides.Servers(client).Should().Contain(before);
    }

    [Fact]
    public async Task A_server_that_cannot_be_connected_makes_the_client_ask_again_soon()
    {
        await using GuardedServer second = await GuardedServer.StartAsync(host: "127.0.0.2");
        _zone.Set("127.0.0.1");
        await using GawClient client = Connect(second.Port, new GawClientOptions { ConnectTimeout = TestTimeouts.Limit });
        Task<int> call = client.CallAsync<int>("vault/count", cancellationToken: Token);
        await Eventually.BecomesTrueAsync(() => _zone.Asked > 0);
        _zone.Set("127.0.0.2");
        long began = Stopwatch.GetTimestamp();

        (await call).Should().Be(1);
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(4.5), "it does not wait for the next look-up in turn");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_that_cannot_be_looked_up_leaves_the_call_not_run(bool synchronous)
    {
        _zone.Fails = true;
        await using GawClient client = Connect(5555, new GawClientOptions { Retries = 0 });

        Func<Task> calling = synchronous ? () => DedicatedThread.RunAsync(() => client.Call<int>("vault/count")) : () => client.CallAsync<int>("vault/count");

        GawConnectionException failure = (await calling.Should().ThrowAsync<GawConnectionException>()).Which;
        failure.Execution.Should().Be(CallExecution.NotRun);
        failure.Message.Should().Contain("no server at dns:///stock.internal:5555").And.Contain("spelled");
        failure.EndPoint!.ToString().Should().Be("dns:///stock.internal:5555");
    }

    [Fact]
    public async Task A_name_that_has_no_address_yet_is_asked_for_again_within_ConnectTimeout()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = Connect(server.Port, new GawClientOptions { ConnectTimeout = TestTimeouts.Limit });
        Task<int> call = client.CallAsync<int>("vault/count", cancellationToken: Token);
        await Eventually.BecomesTrueAsync(() => _zone.Asked > 1);

        _zone.Set("127.0.0.1");

        (await call).Should().Be(1);
    }

    [Fact]
    public async Task A_name_server_that_fails_changes_nothing()
    {
        FakeTimeProvider time = new();
        LogCollector log = new();
        await using GuardedServer server = await GuardedServer.StartAsync();
        _zone.Set("127.0.0.1");
        await using GawClient client = Connect(server.Port, new GawClientOptions { Retries = 0, TimeProvider = time, LoggerFactory = log });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        _zone.Fails = true;
        for (int i = 2; i < 5; i++)
        {
            await AskAgainAsync(time);
            (await client.CallAsync<int>("vault/count", cancellationToken: Token)).Should().Be(i);
        }

        log.Entries.Count(static entry => entry.ToString()!.Contains("cannot be looked up", StringComparison.Ordinal)).Should().Be(1, "it is said once");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_server_that_does_not_answer_keeps_no_call_beyond_its_time(bool byCallTimeout)
    {
        _zone.Answers.Reset();
        GawClientOptions options = byCallTimeout ? new() { CallTimeout = TimeSpan.FromMilliseconds(100) } : new() { ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        await using GawClient client = Connect(5555, options);

        Exception failure = (await client.Awaiting(static one => one.CallAsync<int>("vault/count")).Should().ThrowAsync<Exception>()).Which;

        _zone.Answers.Set();
        failure.Should().BeOfType(byCallTimeout ? typeof(TimeoutException) : typeof(GawConnectionException));
        failure.Message.Should().Contain("could not be looked up within");
    }

    [Fact]
    public async Task A_client_that_is_disposed_ends_the_calls_that_wait_for_a_look_up()
    {
        _zone.Answers.Reset();
        GawClient client = Connect(5555, new GawClientOptions());
        Task<int> waiting = client.CallAsync<int>("vault/count", cancellationToken: Token);
        using CancellationTokenSource cancel = new();
        Task<int> cancelled = client.CallAsync<int>("vault/count", cancellationToken: cancel.Token);
        await Eventually.BecomesTrueAsync(() => _zone.Asked > 0);

        await cancel.CancelAsync();
        await cancelled.Awaiting(static one => one).Should().ThrowAsync<OperationCanceledException>();
        await client.DisposeAsync();

        await waiting.Awaiting(static one => one.WaitAsync(TestTimeouts.Limit)).Should().ThrowAsync<ObjectDisposedException>();
        await client.Awaiting(static one => one.CallAsync<int>("vault/count")).Should().ThrowAsync<ObjectDisposedException>();
        _zone.Answers.Set();
    }

    [Fact]
    public async Task A_client_without_calls_asks_no_more_and_its_next_call_asks_first()
    {
        FakeTimeProvider time = new();
        await using GuardedServer first = await GuardedServer.StartAsync();
        await using GuardedServer second = await GuardedServer.StartAsync(port: first.Port, host: "127.0.0.2");
        _zone.Set("127.0.0.1");
        await using GawClient client = Connect(first.Port, new GawClientOptions { Retries = 0, TimeProvider = time });
        await client.CallAsync<int>("vault/count", cancellationToken: Token);
        for (int i = 0; i < 20; i++)
        {
            int before = _zone.Asked;
            time.Advance(Interval);
            await Task.WhenAny(Eventually.BecomesTrueAsync(() => _zone.Asked > before), Task.Delay(50, Token));
        }

        int asked = _zone.Asked;
        asked.Should().BeLessThan(16, "after a minute without a call it asks no more");
        _zone.Set("127.0.0.2");
        await client.CallAsync<int>("vault/count", cancellationToken: Token);

        _zone.Asked.Should().Be(asked + 1);
        second.Vault.Runs.Should().Be(1);
    }

    [Fact]
    public void What_the_options_cannot_do_is_said_where_the_client_is_made() =>
        ((Action)(() => _ = Connect(5555, new GawClientOptions { Encrypt = true }))).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Servers_are_killed_and_added_under_load_and_no_other_call_is_lost(int retries)
    {
        await using GuardedServer first = await GuardedServer.StartAsync();
        GuardedServer[] servers = [first, await GuardedServer.StartAsync(port: first.Port, host: "127.0.0.2"), await GuardedServer.StartAsync(port: first.Port, host: "127.0.0.3")];
        _zone.Set("127.0.0.1", "127.0.0.2");
        await using GawClient client = Connect(first.Port, new GawClientOptions { Retries = retries, CallTimeout = TestTimeouts.Limit });
        ConcurrentDictionary<string, int> endings = new();
        using CancellationTokenSource over = new();
        Task load = Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    endings.AddOrUpdate(await EndAsync(client, caller), 1, static (_, count) => count + 1);
                }
            },
            Token)));
        await servers[1].Vault.Entered.WaitForAsync(50);

        // Killed as by kill -9: its connections end, and what ran there has no reply.
        using CancellationTokenSource atOnce = new();
        await atOnce.CancelAsync();
        await servers[1].Server.StopAsync(atOnce.Token);
        _zone.Set("127.0.0.1", "127.0.0.3");
        long began = Stopwatch.GetTimestamp();
        await servers[2].Vault.Entered.WaitForAsync(50);
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        await over.CancelAsync();
        await load;

        taken.Should().BeLessThan(TimeSpan.FromSeconds(6), "a new server gets calls soon");
        endings.Keys.Should().BeSubsetOf(["ok", nameof(CallExecution.Unknown)]);
        endings.GetValueOrDefault(nameof(CallExecution.Unknown)).Should().BeLessThanOrEqualTo(16, "only what was in flight there");
        await servers[1].DisposeAsync();
        await servers[2].DisposeAsync();
    }

    private GawClient Connect(int port, GawClientOptions options) => new($"dns:///stock.internal:{port}", options with { LookUp = _zone.LookUp });

    private async Task PassAsync(FakeTimeProvider time, GawClient client, params string[] servers)
    {
        await AskAgainAsync(time);
        await Eventually.BecomesTrueAsync(() => ClientInsides.Servers(client).Select(static server => server.EndPoint.ToString()!.Split(':')[0]).SequenceEqual(servers));
    }

    /// <summary>Lets the time for the next look-up come. A look-up that is still under way asks nothing new, so one step may not do.</summary>
    private Task AskAgainAsync(FakeTimeProvider time)
    {
        int asked = _zone.Asked;
        return Eventually.BecomesTrueAsync(() =>
        {
            time.Advance(Interval);
            return _zone.Asked > asked;
        });
    }

    private static Task EventuallyAsync(FakeTimeProvider time, Func<bool> condition) => Eventually.BecomesTrueAsync(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });

    private static async Task<string> EndAsync(GawClient client, int caller)
    {
        try
        {
            _ = caller % 4 == 0
                ? await DedicatedThread.RunAsync(() => client.Call<int>("vault/pass", [caller]))
                : await client.CallAsync<int>("vault/pass", [caller], cancellationToken: Token);
            return "ok";
        }
        catch (GawConnectionException e)
        {
            return e.Execution == CallExecution.Unknown ? nameof(CallExecution.Unknown) : e.Message;
        }
        catch (GawException e)
        {
            return e.Message;
        }
    }
}
