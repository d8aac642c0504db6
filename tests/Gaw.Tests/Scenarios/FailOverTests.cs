using System.Collections.Concurrent;
using System.Diagnostics;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>What is known of a server belongs to the server: one dead host among healthy ones costs no call.</summary>
public sealed class FailOverTests
{
    public static TheoryData<string, int> EveryWayToBeDead => new MatrixTheoryData<string, int>(["refuses", "accepts in silence", "is gone"], [0, -1]);

    public static TheoryData<string, int> EveryStranger =>
        new MatrixTheoryData<string, int>(["closes at once", "closes in place of an answer", "speaks first", "answers garbage", "answers with another id", "has another secret", "has no secret", "wants TLS"], [0, -1]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EveryWayToBeDead))]
    public async Task One_dead_server_costs_no_call_under_load(string kind, int retries)
    {
        using DeadServer dead = await DeadServer.NamedAsync(kind);
        await using GuardedServer first = await GuardedServer.StartAsync();
        await using GuardedServer second = await GuardedServer.StartAsync();
        await using GawClient client = new(
            [$"127.0.0.1:{first.Port}", $"127.0.0.1:{dead.Port}", $"127.0.0.1:{second.Port}"],
            new GawClientOptions { Retries = retries, ConnectTimeout = TimeSpan.FromSeconds(6), CallTimeout = TestTimeouts.Limit });
        TimeSpan time = TimeSpan.FromSeconds(ClientConformanceTests.IsLong ? 60 : 3);
        ConcurrentDictionary<string, int> endings = new();
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                string ending = await CallAsync(client, synchronous: caller % 4 == 0);
                endings.AddOrUpdate(ending, 1, static (_, count) => count + 1);
                if (caller >= 8)
                {
                    await Task.Delay(caller, Token);
                }
            }
        }))).WithinAsync(time + TestTimeouts.Limit, () => "a caller did not end");

        endings.Keys.Should().Equal("ok");
        first.Vault.Runs.Should().BePositive();
        second.Vault.Runs.Should().BePositive();
        (first.Vault.Runs + second.Vault.Runs).Should().Be(endings["ok"], "none ran twice");
    }

    [Theory]
    [MemberData(nameof(EveryStranger))]
    public async Task A_server_that_cannot_be_talked_to_costs_no_call_of_one_that_can(string kind, int retries)
    {
        Secret? secret = kind.EndsWith("secret", StringComparison.Ordinal) ? Secret.Generate() : null;
        await using IAsyncDisposable strange = await StartStrangerAsync(kind);
        int port = strange switch { BadServer bad => bad.Port, GuardedServer other => other.Port, _ => throw new InvalidOperationException() };
        await using GuardedServer healthy = await GuardedServer.StartAsync(new GawServerOptions { Secret = secret });
        string[] servers = [$"127.0.0.1:{port}", $"127.0.0.1:{healthy.Port}"];
        foreach (string[] order in (string[][])[servers, [.. servers.Reverse()]])
        {
            await using GawClient client = new(order, new GawClientOptions { Secret = secret, Retries = retries, ConnectTimeout = TimeSpan.FromSeconds(6), CallTimeout = TestTimeouts.Limit });
            for (int i = 0; i < 6; i++)
            {
                (await CallAsync(client, synchronous: i % 2 == 0)).Should().Be("ok");
            }

            (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync(client, synchronous: i % 4 == 0)))).Should().OnlyContain(static ending => ending == "ok");
        }

        healthy.Vault.Runs.Should().Be(52, "none ran twice");
    }

    [Fact]
    public async Task A_server_that_begins_to_answer_garbage_rests()
    {
        int asked = 0;
        await using BadServer falls = BadServer.Start(async connection =>
        {
            // The first question of each connection is answered well.
            if (await connection.ReadRequestAsync() is { } first)
            {
                await connection.SendFrameAsync(BadServer.FirstAnswer(first.Id, "1"));
            }

            while (await connection.ReadRequestAsync() is not null)
            {
                Interlocked.Increment(ref asked);
                await connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        });
        await using GuardedServer healthy = await GuardedServer.StartAsync();
        await using GawClient client = new([$"127.0.0.1:{falls.Port}", $"127.0.0.1:{healthy.Port}"]);
        long began = Stopwatch.GetTimestamp();
        int failed = 0;
        for (int i = 0; i < 40; i++)
        {
            failed += await CallAsync(client, synchronous: i % 2 == 0) == "ok" ? 0 : 1;
        }

        // Once for each time that it has rested.
        failed.Should().BeInRange(1, 1 + (int)Stopwatch.GetElapsedTime(began).TotalSeconds / 2);
        asked.Should().Be(failed);
    }

    [Fact]
    public async Task Where_all_servers_are_strangers_the_call_says_what_is_wrong()
    {
        await using GuardedServer first = await GuardedServer.StartAsync(new GawServerOptions { Secret = Secret.Generate() });
        await using GuardedServer second = await GuardedServer.StartAsync(new GawServerOptions { Secret = Secret.Generate() });
        await using GawClient client = new([$"127.0.0.1:{first.Port}", $"127.0.0.1:{second.Port}"], new GawClientOptions { Secret = Secret.Generate() });

        await ((Func<Task>)(() => client.CallAsync<int>("vault/count", cancellationToken: Token))).Should().ThrowAsync<GawAuthenticationException>();
    }

    [Theory]
    [InlineData("refuses", true)]
    [InlineData("accepts in silence", false)]
    [InlineData("is gone", true)]
    [InlineData("is gone", false)]
    public async Task Calls_do_not_gather_at_a_server_that_cannot_be_reached_because_it_has_no_open_calls(string kind, bool synchronous)
    {
        using DeadServer dead = await DeadServer.NamedAsync(kind);
        await using GuardedServer healthy = await GuardedServer.StartAsync();
        await using GawClient client = new([$"127.0.0.1:{dead.Port}", $"127.0.0.1:{healthy.Port}"], new GawClientOptions { Retries = 0 });
        Task<int> open = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await healthy.Vault.Entered.WaitForAsync(1);

        string[] endings = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CallAsync(client, synchronous))).WithinAsync(TestTimeouts.Limit, () => "a call did not end");

        endings.Should().OnlyContain(ending => ending == "ok");
        healthy.Vault.Open.SetResult();
        await open;
    }

    [Fact]
    public async Task A_server_that_falls_silent_rests_and_is_used_again_when_it_answers()
    {
        bool isSilent = false;
        await using BadServer falls = BadServer.Start(connection => connection.ForEachAsync(request =>
            Volatile.Read(ref isSilent) ? Task.CompletedTask : connection.SendFrameAsync(BadServer.FirstAnswer(request.Id, "1"))));
        await using GuardedServer healthy = await GuardedServer.StartAsync();
        await using GawClient client = new([$"127.0.0.1:{falls.Port}", $"127.0.0.1:{healthy.Port}"], new GawClientOptions { CallTimeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(2) });
        for (int i = 0; i < 4; i++)
        {
            (await CallAsync(client, synchronous: true)).Should().Be("ok");
        }

        Volatile.Write(ref isSilent, true);
        List<string> endings = [];
        for (int i = 0; i < 20; i++)
        {
            endings.Add(await CallAsync(client, synchronous: i % 2 == 0));
        }

        endings.Count(ending => ending != "ok").Should().Be(1, "the first that waits in vain is the last");
        Volatile.Write(ref isSilent, false);
        long before = falls.RequestCount;
        await Eventually.BecomesTrueAsync(() => CallAsync(client, synchronous: true).GetAwaiter().GetResult() == "ok" && falls.Requests.Skip((int)before).Any(request => request.Path == "vault/count"));
    }

    [Fact]
    public async Task With_all_servers_dead_a_call_ends_within_its_ConnectTimeout()
    {
        using DeadServer refusing = DeadServer.Refusing();
        using DeadServer silent = DeadServer.Silent();
        using DeadServer gone = await DeadServer.BlackHoleAsync();
        await using GawClient client = new([$"127.0.0.1:{gone.Port}", $"127.0.0.1:{silent.Port}", $"127.0.0.1:{refusing.Port}"], new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(2) });
        foreach (bool synchronous in (bool[])[true, false])
        {
            Stopwatch took = Stopwatch.StartNew();
            (await Endings.CallAsync(client, 1, synchronous)).Should().Be(Ending.NotRun);
            took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8));
        }
    }

    [Fact]
    public async Task A_server_that_comes_back_while_a_call_looks_for_one_answers_it()
    {
        using DeadServer gone = await DeadServer.BlackHoleAsync();
        DeadServer refusing = DeadServer.Refusing();
        int port = refusing.Port;
        await using GawClient client = new([$"127.0.0.1:{gone.Port}", $"127.0.0.1:{port}"], new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(20) });
        Task<string> call = CallAsync(client, synchronous: false);
        await Eventually.BecomesTrueAsync(() => ClientInsides.Servers(client)[0].IsOpening);
        refusing.Dispose();
        await using GuardedServer back = await GuardedServer.StartAsync(port: port);

        (await call.WithinAsync(TestTimeouts.Limit, () => "the call did not end")).Should().Be("ok");
    }

    private static async Task<IAsyncDisposable> StartStrangerAsync(string kind) => kind switch
    {
        "closes at once" => BadServer.Start(BadServer.CloseAtOnce),
        "closes in place of an answer" => BadServer.Start(BadServer.CloseAfterRequest),
        "speaks first" => BadServer.Start(static async connection =>
        {
            await connection.SendAsync("SSH-2.0-OpenSSH_9.6\r\n");
            await connection.WaitForCloseAsync();
        }),
        "answers garbage" => BadServer.Start(BadServer.Garbage),
        "answers with another id" => BadServer.Start(BadServer.WrongId),
        "has another secret" => await GuardedServer.StartAsync(new GawServerOptions { Secret = Secret.Generate() }),
        "has no secret" => await GuardedServer.StartAsync(),
        _ => BadServer.Start(static async connection =>
        {
            // The alert of a TLS server that gets something else.
            await connection.ReadSomeAsync(5);
            await connection.SendAsync([0x15, 3, 3, 0, 2, 2, 10]);
        }),
    };

    private static async Task<string> CallAsync(GawClient client, bool synchronous)
    {
        try
        {
            _ = synchronous
                ? await DedicatedThread.RunAsync(() => client.Call<int>("vault/count"))
                : await client.CallAsync<int>("vault/count", cancellationToken: Token);
            return "ok";
        }
        catch (Exception e) when (e is GawException or TimeoutException)
        {
            return e.Message;
        }
    }
}
