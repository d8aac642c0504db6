using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>Between .NET peers a request names its server under the seal: a recorded one runs at no other server, and not after a restart.</summary>
public sealed class NamedServerTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string> Clients
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string mode in (string[])["signed256", "encrypted256"])
            {
                foreach (string client in (string[])["one server", "kept replies", "several servers"])
                {
                    rows.Add(mode, client);
                }
            }

            return rows;
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_recorded_request_runs_neither_at_another_server_with_the_secret_nor_again(string mode, string kind)
    {
        Protection protection = Protection.Named(mode);
        GawServerOptions options = protection.Server with { ReplayWindow = Window, KeepReplies = kind == "kept replies" ? Window : null };
        await using GuardedServer first = await GuardedServer.StartAsync(options);
        await using GuardedServer second = await GuardedServer.StartAsync(options);
        await using ChaosProxy proxy = ChaosProxy.Start(first.Port);
        proxy.Records = true;
        GawClientOptions clientOptions = protection.Client with { RetryWhen = kind == "kept replies" ? RetryWhen.KeptReplies : RetryWhen.NotRun };
        string address = $"127.0.0.1:{proxy.Port}";
        await using (GawClient client = new(kind == "several servers" ? [address, address] : [address], clientOptions))
        {
            client.Call<int>("vault/count").Should().Be(1);
            (await client.CallAsync<int>("vault/count", cancellationToken: Cancellation)).Should().Be(2);
            client.Call<int>("vault/count", options: new CallOptions { Idempotent = true, Metadata = new Dictionary<string, string> { ["user"] = "Anna" } }).Should().Be(3);
        }

        IReadOnlyList<byte[]> recorded = proxy.RecordedFrames;
        recorded.Should().HaveCountGreaterThanOrEqualTo(3);
        foreach (byte[] frame in recorded)
        {
            await first.SendOnceAsync(protection, frame);
            await second.SendOnceAsync(protection, frame);
        }

        second.Vault.Runs.Should().Be(0, "the requests name the first server, or none by name");
        first.Vault.Runs.Should().Be(3);
    }

    [Theory]
    [InlineData("signed256")]
    [InlineData("encrypted256")]
    public async Task A_recorded_request_does_not_run_after_a_restart_though_its_clients_clock_went_ahead(string mode)
    {
        Protection protection = Protection.Named(mode);
        GawServerOptions options = protection.Server with { ReplayWindow = Window };
        int port;
        IReadOnlyList<byte[]> recorded;
        await using (GuardedServer server = await GuardedServer.StartAsync(options))
        {
            port = server.Port;
            await using ChaosProxy proxy = ChaosProxy.Start(port);
            proxy.Records = true;
            await using GawClient client = new("127.0.0.1", proxy.Port, protection.Client with { TimeProvider = new FastClock() });
            client.Call<int>("vault/count").Should().Be(1);
            recorded = proxy.RecordedFrames;
        }

        await using GuardedServer restarted = await GuardedServer.StartAsync(options, port);
        foreach (byte[] frame in recorded)
        {
            (await restarted.SendOnceAsync(protection, frame)).Should().Contain("OtherServer").And.Contain("\"success\": false");
        }

        restarted.Vault.Runs.Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_between_two_calls_is_unseen_though_nothing_is_tried_again(bool keepsReplies)
    {
        Protection protection = Protection.SignedFrames;
        GawServerOptions options = protection.Server with { ReplayWindow = Window, KeepReplies = keepsReplies ? Window : null };
        GuardedServer server = await GuardedServer.StartAsync(options);
        int port = server.Port;
        await using GawClient client = new("127.0.0.1", port, protection.Client with { RetryWhen = keepsReplies ? RetryWhen.KeptReplies : RetryWhen.NotRun });
        for (int restart = 0; restart < 5; restart++)
        {
            client.Call<int>("vault/count").Should().Be(1, "it ran once, whoever was named at first");
            (await client.CallAsync<int>("vault/count", cancellationToken: Cancellation)).Should().Be(2);
            server.Server.Errors.Should().Be(keepsReplies ? 1 : 0, "to be asked for the name is no error; a client that may ask for replies begins with a question that has none");
            await server.DisposeAsync();
            server = await GuardedServer.StartAsync(options, port);
        }

        await server.DisposeAsync();
    }

    [Fact]
    public async Task Behind_a_load_balancer_each_connection_names_the_server_that_it_leads_to()
    {
        Protection protection = Protection.SignedFrames;
        GawServerOptions options = protection.Server with { ReplayWindow = Window };
        await using GuardedServer first = await GuardedServer.StartAsync(options);
        await using GuardedServer second = await GuardedServer.StartAsync(options);
        await using ChaosProxy balancer = ChaosProxy.Start([first.Port, second.Port]);
        const int callers = 16;
        const int rounds = 6;

        // Each connection grows too old while a call is open on it, so that at last six are open, three to each server.
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow.AddSeconds(30));
        await using GawClient client = new("127.0.0.1", balancer.Port, protection.Client with
        {
            TimeProvider = clock,
            ConnectionMaxAge = TimeSpan.FromSeconds(1),
            CallTimeout = Timeout.InfiniteTimeSpan,
        });
        List<Task<int>> held = [];
        for (int round = 1; round <= rounds; round++)
        {
            held.Add(client.CallAsync<int>("vault/wait", cancellationToken: Cancellation));
            string[] echoed = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => client.CallAsync<string>("vault/echo", [$"{caller}"], cancellationToken: Cancellation)))
                .WithinAsync(TestTimeouts.Limit, () => "the calls of a round did not end");
            echoed.Should().Equal(Enumerable.Range(0, callers).Select(static caller => $"{caller}"));
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        first.Vault.Open.SetResult();
        second.Vault.Open.SetResult();
        await Task.WhenAll(held).WithinAsync(TestTimeouts.Limit, () => "the calls on the old connections did not end");
        (first.Vault.Runs + second.Vault.Runs).Should().Be((callers + 1) * rounds, "each call ran once, whoever was named at first");
        balancer.ConnectionCount.Should().BeGreaterThanOrEqualTo(rounds, "a further one is opened where a server is slow to show that it multiplexes");
        Math.Min(first.Vault.Runs, second.Vault.Runs).Should().BeGreaterThan((callers + 1) * 2, "both were named");
    }

    [Fact]
    public async Task A_request_that_says_nothing_of_a_server_is_taken_once_at_each_as_ever()
    {
        Protection protection = Protection.SignedFrames;
        GawServerOptions options = protection.Server with { ReplayWindow = Window };
        await using GuardedServer first = await GuardedServer.StartAsync(options);
        await using GuardedServer second = await GuardedServer.StartAsync(options);
        byte[] frame = protection.Code.Frame(RawPeer.WithMeta(GuardedServer.Count(NewId()), ""));

        (await first.SendOnceAsync(protection, frame)).Should().Contain("\"payload\": 1").And.EndWith($"\"meta\": {{\"server\": {await IdentityAsync(first, protection)}}}}}");
        (await second.SendOnceAsync(protection, frame)).Should().Contain("\"payload\": 1", "an older client, or a Python one, cannot name a server");
        (await second.SendOnceAsync(protection, frame)).Should().Contain("ReplayError");
    }

    [Fact]
    public async Task A_methods_own_error_of_that_name_is_the_methods()
    {
        Protection protection = Protection.SignedFrames;
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Confusing>(), protection.Server with { ReplayWindow = Window });
        await using GawClient client = server.Connect(protection.Client);
        Confusing.Runs = 0;
        for (int run = 1; run <= 3; run++)
        {
            client.Invoking(c => c.Call<int>("confusing/fail")).Should().Throw<GawRemoteException>().Where(e => e.RemoteName == "OtherServer" && e.RemoteMessage == "mine");
            Confusing.Runs.Should().Be(run);
        }
    }

    [Fact]
    public async Task A_server_that_says_another_name_each_time_ends_the_call_with_a_reason()
    {
        Protection protection = Protection.SignedFrames;
        int identity = 1;
        await using BadServer server = BadServer.Start(
            connection => connection.ForEachAsync(request => connection.SendFrameAsync(
                $"{BadServer.Answer(request.Id, BadServer.Error("OtherServer", "not me"), success: false)[..^1]}, \"meta\": {{\"server\": {Interlocked.Increment(ref identity)}}}}}")),
            protection.Code);
        await using GawClient client = new("127.0.0.1", server.Port, protection.Client);

        (await client.Awaiting(c => c.CallAsync<int>("vault/count", cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>().WithMessage("vault/count has not run*spreads one connection*"))
            .Which.Execution.Should().Be(CallExecution.NotRun);
        server.RequestCount.Should().BeLessThan(20, "it is tried again at once a few times, and not without end");
    }

    [Theory]
    [InlineData("plain", "")]
    [InlineData("signed256", "\"server\": null, ")]
    public async Task Where_no_server_asks_for_it_only_the_first_request_of_a_client_with_a_secret_says_a_word(string mode, string first)
    {
        Protection protection = Protection.Named(mode);
        bool isFirst = true;
        await using BadServer server = BadServer.Start(
            connection => connection.ForEachAsync(request =>
            {
                bool tells = isFirst;
                isFirst = false;
                return connection.SendFrameAsync(tells ? BadServer.FirstAnswer(request.Id, "1") : BadServer.Answer(request.Id, "1"));
            }),
            protection.Code);
        await using GawClient client = new("127.0.0.1", server.Port, protection.Client);
        for (int i = 0; i < 3; i++)
        {
            client.Call<int>("vault/count").Should().Be(1);
        }

        server.Requests.Select(static request => request.Json[request.Json.IndexOf("\"meta\"", StringComparison.Ordinal)..request.Json.IndexOf("\"timeout_ms\"", StringComparison.Ordinal)])
            .Should().Equal($"\"meta\": {{{first}", "\"meta\": {", "\"meta\": {");
    }

    [Fact]
    public async Task A_call_is_cancelled_at_a_server_that_wants_to_be_named()
    {
        Protection protection = Protection.SignedFrames;
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Patient>(), protection.Server with { ReplayWindow = Window });
        await using GawClient client = server.Connect(protection.Client);
        using CancellationTokenSource caller = new();
        Task call = client.CallAsync<int>("patient/wait", cancellationToken: caller.Token);
        await Patient.Started.Task.WithinAsync(TestTimeouts.Limit, () => "the method did not begin");
        await caller.CancelAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await Patient.Cancelled.Task.WithinAsync(TestTimeouts.Limit, () => "the method's token did not fire");
    }

    [Fact]
    public async Task A_lost_reply_is_asked_for_at_a_server_that_wants_to_be_named()
    {
        Protection protection = Protection.EncryptedFrames;
        await using GuardedServer server = await GuardedServer.StartAsync(protection.Server with { ReplayWindow = Window, KeepReplies = Window });
        await using ChaosProxy proxy = ChaosProxy.Start(server.Port);
        await using GawClient client = new("127.0.0.1", proxy.Port, protection.Client with { RetryWhen = RetryWhen.KeptReplies, Retries = -1 });
        client.Call<int>("vault/count").Should().Be(1);
        Task<int> call = client.CallAsync<int>("vault/wait", cancellationToken: Cancellation);
        await server.Vault.Entered.WaitForAsync(1);
        proxy.ResetAll();
        await proxy.WaitForConnectionsAsync(2);
        server.Vault.Open.SetResult();

        (await call).Should().Be(2);
        server.Vault.Runs.Should().Be(2);
    }

    /// <summary>What a server calls itself.</summary>
    private static async Task<string> IdentityAsync(GuardedServer server, Protection protection)
    {
        string reply = (await server.SendOnceAsync(protection, protection.Code.Frame(RawPeer.WithMeta(GuardedServer.Count(), "\"server\": null"))))!;
        const string member = "\"meta\": {\"server\": ";
        return reply[(reply.IndexOf(member, StringComparison.Ordinal) + member.Length)..^2];
    }

    /// <summary>A version 7 id that was made in a second.</summary>
    private static string NewId() => RawPeer.NewId(DateTimeOffset.UtcNow.AddSeconds(1));

    private sealed class FastClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromSeconds(30);
    }

    [Service("confusing")]
    private sealed class Confusing
    {
        public static int Runs;

        [Entrypoint]
        public static int Fail()
        {
            Interlocked.Increment(ref Runs);
            throw new GawError("OtherServer", "mine");
        }
    }

    [Service("patient")]
    private sealed class Patient
    {
        public static TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Entrypoint]
        public static async Task<int> WaitAsync(CancellationToken cancellationToken)
        {
            using CancellationTokenRegistration told = cancellationToken.UnsafeRegister(static _ => Cancelled.TrySetResult(), null);
            Started.TrySetResult();
            await Cancelled.Task;
            return 0;
        }
    }
}
