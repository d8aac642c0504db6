using System.Text;
using Gaw.Nats.Bridging;
using Gaw.Nats.Directory;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using NATS.Client.Core;

namespace Gaw.Nats.Tests;

/// <summary>What a caller meets on an engine, row by row: the ends of calls, limits, secrets, and messages that were not meant so.</summary>
public sealed class CallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_nobody_serves_has_not_run_and_is_named()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using GawClient client = new([address], new GawClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) });

        GawConnectionException e = (await FluentActions.Awaiting(() => client.CallAsync<int>("nobody/plus", [1, 2], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which;

        e.Execution.Should().Be(CallExecution.NotRun);
        e.Message.Should().Contain("Nobody serves nobody at nats://127.0.0.1:");
    }

    [Fact]
    public async Task A_call_made_before_its_worker_is_there_waits_for_it()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using GawClient client = new([address]);
        Task<int> call = client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Cancellation);

        await using Served served = await Served.StartAsync(address);

        (await call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be(3);
    }

    [Theory]
    [InlineData("odd name!", "plus")]
    [InlineData("ชั้น", "plus")]
    public async Task A_service_may_have_any_name(string service, string method)
    {
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = new GawServer(address).AddNamed<Desk>(service, new Served(address));
        await server.StartAsync(Cancellation);
        await using GawClient client = new([address]);

        (await client.CallAsync<int>($"{service}/{method}", [1, 2], cancellationToken: Cancellation)).Should().Be(3);
    }

    [Fact]
    public async Task A_service_that_is_added_later_is_served()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);

        served.Server.AddNamed<Desk>("later", served);

        (await client.CallAsync<int>("later/plus", [1, 2], cancellationToken: Cancellation)).Should().Be(3);
    }

    [Fact]
    public async Task A_message_above_the_limit_of_the_engine_is_named_with_both_figures_and_the_next_call_works()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);

        (await FluentActions.Awaiting(() => client.CallAsync<int>("desk/measure", [new string('x', 2_000_000)], cancellationToken: Cancellation)).Should().ThrowAsync<GawSerializationException>())
            .WithMessage("*desk/measure*2000*1048576*max_payload*");
        GawRemoteException large = (await FluentActions.Awaiting(() => client.CallAsync<string>("desk/fill", [2_000_000], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which;
        large.RemoteName.Should().Be("SerializeError");
        large.RemoteMessage.Should().MatchRegex(@"has \d+ bytes or more, above the limit of 104\d+ bytes");
        (await client.CallAsync<int>("desk/measure", [new string('x', 1_000_000)], cancellationToken: Cancellation)).Should().Be(1_000_000);
        (await client.CallAsync<string>("desk/fill", [1_000_000], cancellationToken: Cancellation)).Should().HaveLength(1_000_000);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_worker_with_another_secret_is_told_apart(bool clientHasNone, bool workerHasNone)
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address, new GawServerOptions { Secret = workerHasNone ? null : Secret.Generate() });
        await using GawClient client = new([address], new GawClientOptions { Secret = clientHasNone ? null : Secret.Generate() });

        await FluentActions.Awaiting(() => client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Cancellation)).Should().ThrowAsync<GawAuthenticationException>();

        served.Runs.Value.Should().Be(0);
    }

    [Fact]
    public async Task A_secret_is_changed_without_a_lost_call()
    {
        string address = await NatsEngine.GetAddressAsync();
        Secret before = Secret.Generate();
        Secret after = Secret.Generate();
        await using Served served = await Served.StartAsync(address, new GawServerOptions { Secret = before, AcceptedSecrets = [after], Encrypt = true });
        await using GawClient old = new([address], new GawClientOptions { Secret = before, Encrypt = true });
        await using GawClient changed = new([address], new GawClientOptions { Secret = after, Encrypt = true });

        int[] sums = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? old : changed).CallAsync<int>("desk/plus", [i, 1], cancellationToken: Cancellation)));

        sums.Should().Equal(Enumerable.Range(1, 100));
    }

    [Fact]
    public async Task A_request_whose_path_is_not_that_of_its_subject_does_not_run()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using RawClient raw = await RawClient.ConnectAsync(address);
        NatsWorker worker = await raw.FindAsync("desk");

        string aimedElsewhere = await raw.RequestAsync("desk.measure", RawClient.Document("desk/plus"));
        string toOneWorker = await raw.RequestAsync($"$w.{worker.Name}", RawClient.Document("desk/plus"));
        string right = await raw.RequestAsync("desk.plus", RawClient.Document("desk/plus"));
        string hidden = await raw.RequestAsync("desk.measure", RawClient.Document("desk/measure").Replace("\"path\": \"desk/measure\"", "\"path\": \"desk/measure\", \"path\": \"desk/plus\"", StringComparison.Ordinal));

        aimedElsewhere.Should().Contain("MisaddressedError");
        toOneWorker.Should().Contain("MisaddressedError");
        right.Should().Contain("\"payload\": 3");
        hidden.Should().Contain("MisaddressedError");
        served.Runs.Value.Should().Be(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1, 2]")]
    [InlineData("{\"ask\": [1, 2")]
    [InlineData("\u0000\u0001")]
    public async Task Garbage_on_any_subject_disturbs_nobody(string garbage)
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);
        await using RawClient raw = await RawClient.ConnectAsync(address);
        NatsWorker worker = await raw.FindAsync("desk");
        Task<int> running = client.CallAsync<int>("desk/gated", cancellationToken: Cancellation);
        await served.Waiting.WaitForAsync(1);

        foreach (string subject in (string[])["desk.plus", "desk.no.such", "desk.%zz", "$.desk", $"$w.{worker.Name}", "_gaw", "_gaw.desk", "$.no"])
        {
            await raw.PublishAsync(subject, garbage, "_INBOX.nobody.1");
            await raw.PublishAsync(subject, garbage, null);
        }

        (await client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Cancellation)).Should().Be(3);
        served.Open.SetResult();
        (await running).Should().Be(1);
    }

    [Fact]
    public async Task A_call_that_takes_long_is_not_given_up()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);
        Task<int> call = client.CallAsync<int>("desk/gated", cancellationToken: Cancellation);
        await served.Waiting.WaitForAsync(1);

        // Longer than all questions together, if nobody answered them.
        await Task.Delay(TimeSpan.FromSeconds(7), Cancellation);
        call.IsCompleted.Should().BeFalse();
        served.Open.SetResult();

        (await call).Should().Be(1);
    }

    [Fact]
    public async Task A_call_that_has_not_begun_is_withdrawn()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);
        using CancellationTokenSource cancelling = new();
        Task<int>[] calls = [.. Enumerable.Range(0, 50).Select(_ => client.CallAsync<int>("desk/wait", cancellationToken: cancelling.Token))];
        await served.Waiting.WaitForAsync(1);

        await cancelling.CancelAsync();

        foreach (Task<int> call in calls)
        {
            await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        }

        await Eventually.BecomesTrueAsync(() => served.Server.RunningCalls == 0, () => $"{served.Server.RunningCalls} run");
    }

    [Fact]
    public async Task Methods_that_block_keep_nobody_from_being_answered()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);
        for (int round = 0; round < 3; round++)
        {
            Task<int>[] blocking = [.. Enumerable.Range(0, 64).Select(_ => client.CallAsync<int>("desk/block", [200], cancellationToken: Cancellation))];
            int quick = await client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Cancellation);

            quick.Should().Be(3);
            (await Task.WhenAll(blocking)).Should().AllBeEquivalentTo(200);
        }
    }

    [Fact]
    public async Task Subscriptions_live_through_garbage_collections()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);
        int calls = NatsEngine.IsLong ? 10_000 : 1_000;
        for (int i = 0; i < calls; i++)
        {
            if (i % 100 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            (await client.CallAsync<int>("desk/plus", [i, 1], cancellationToken: Cancellation)).Should().Be(i + 1);
        }
    }

    [Fact]
    public async Task A_worker_serves_a_thousand_services()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = new(address);
        Served served = new(address);
        for (int i = 0; i < 1000; i++)
        {
            server.AddNamed<Desk>($"desk{i}", served);
        }

        await server.StartAsync(Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the worker did not start");
        await using GawClient client = new([address]);

        int[] sums = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => client.CallAsync<int>($"desk{i}/plus", [i, 1], cancellationToken: Cancellation)));

        sums.Should().Equal(Enumerable.Range(1, 1000));
    }

    [Fact]
    public async Task A_method_stops_its_own_worker_and_is_answered()
    {
        string address = await NatsEngine.GetAddressAsync();
        Served served = await Served.StartAsync(address);
        await using GawClient client = new([address]);

        (await client.CallAsync<int>("desk/stop", cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be(1);

        await served.DisposeAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_disposes_an_instance_may_stop_its_own_worker(bool synchronous)
    {
        string address = await NatsEngine.GetAddressAsync();
        GawServer server = null!;
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server = new GawServer(address, new GawServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan });
        server.Add(() => new Ending(async () =>
        {
            await server.StopAsync(CancellationToken.None);
            stopped.TrySetResult();
        }));
        await server.StartAsync(Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the worker did not start");
        await using GawClient client = new([address]);

        (await client.CallAsync<int>(synchronous ? "ending/now" : "ending/later", cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be(1);

        await stopped.Task.WithinAsync(TestTimeouts.Limit, static () => "the stop waited for the code that asked for it");
        await server.DisposeAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("secret")]
    public async Task Workers_are_found_and_asked_one_by_one(string? secret)
    {
        string address = await NatsEngine.GetAddressAsync();
        Secret? key = secret is null ? null : Secret.Generate();
        GawServerOptions options = new() { Secret = key, SelfDescription = secret is null ? SelfDescriptionPolicy.Always : SelfDescriptionPolicy.Auto };
        await using Served first = await Served.StartAsync(address, options);
        await using Served second = await Served.StartAsync(address, options);
        await using NatsDirectory directory = NatsDirectory.Open(address, new GawClientOptions { Secret = key });

        IReadOnlyList<NatsWorker> workers = await directory.FindAsync("desk", Cancellation);
        IReadOnlyList<NatsWorker> none = await directory.FindAsync("no-such", Cancellation);

        workers.Should().HaveCount(2);
        none.Should().BeEmpty();
        workers[0].Methods["desk"].Should().Contain("desk/plus");
        foreach (NatsWorker worker in workers)
        {
            await using GawClient client = directory.Connect(worker);
            (await client.CallAsync<string>("_gaw/ping", cancellationToken: Cancellation)).Should().Be("pong");
            await FluentActions.Awaiting(() => client.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>();
        }

        await using GawClient service = directory.Connect("desk");
        (await service.CallAsync<string>("_gaw/ping", cancellationToken: Cancellation)).Should().Be("pong");
        (await service.CallAsync<int>("desk/plus", [1, 2], cancellationToken: Cancellation)).Should().Be(3);
    }

    [Fact]
    public async Task A_worker_without_a_secret_says_nothing_of_itself()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using GawServer server = new GawServer(address).AddNamed<Desk>("desk", new Served(address));
        await server.StartAsync(Cancellation);
        await using NatsDirectory directory = NatsDirectory.Open(address);
        await using GawClient client = new([address]);

        (await directory.FindAsync(null, Cancellation)).Should().BeEmpty();
        await FluentActions.Awaiting(() => client.CallAsync<object?>("_gaw/list", cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>();
    }

    [Fact]
    public async Task Documents_cross_a_bridge_as_they_are()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using NatsDocumentServer server = new(address, ["python"], (document, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(
            $$$"""{"_v": {"resp_to": 7, "success": true, "payload": {{{document.Length}}} }, "_t": "ResponseDataType"}""")), new GawServerOptions());
        await server.StartAsync(Cancellation);
        using NatsDocumentClient client = new(address, new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        byte[] request = Encoding.UTF8.GetBytes(RawClient.Document("python/plus"));

        string answer = Encoding.UTF8.GetString(await client.SendAsync("python/plus", request, Cancellation));
        string misaddressed = Encoding.UTF8.GetString(await client.SendAsync("python/minus", request, Cancellation));

        answer.Should().Contain($"\"payload\": {request.Length}");
        misaddressed.Should().Contain("MisaddressedError");
        (await FluentActions.Awaiting(() => client.SendAsync("nobody/plus", request, Cancellation)).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.NotRun);
    }

    [Service("desk")]
    public sealed class Desk(Served served)
    {
        [Entrypoint]
        public int Plus(int a, int b)
        {
            served.Runs.Add();
            return a + b;
        }

        [Entrypoint]
        public static int Measure(string text) => text.Length;

        [Entrypoint]
        public static string Fill(int length) => new('x', length);

        [Entrypoint]
        public static int Block(int milliseconds)
        {
            Thread.Sleep(milliseconds);
            return milliseconds;
        }

        [Entrypoint]
        public async Task<int> GatedAsync()
        {
            served.Waiting.Add();
            await served.Open.Task;
            return 1;
        }

        [Entrypoint]
        public async Task<int> WaitAsync(CancellationToken cancellationToken)
        {
            served.Waiting.Add();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 1;
        }

        [Entrypoint]
        public async Task<int> StopAsync()
        {
            await served.Server.StopAsync();
            return 1;
        }
    }

    public sealed class Served(string address) : IAsyncDisposable
    {
        public GawServer Server { get; private set; } = null!;

        public Tally Runs { get; } = new("runs");

        public Tally Waiting { get; } = new("calls that wait");

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private string Address => address;

        public static async Task<Served> StartAsync(string address, GawServerOptions? options = null)
        {
            Served served = new(address);
            options ??= new GawServerOptions { SelfDescription = SelfDescriptionPolicy.Always };
            served.Server = new GawServer(served.Address, options.SelfDescription == SelfDescriptionPolicy.Auto && options.Secret is null ? options with { SelfDescription = SelfDescriptionPolicy.Always } : options).Add<Desk>(served);
            await served.Server.StartAsync(Cancellation);
            return served;
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Service("ending")]
    public sealed class Ending(Func<Task> stop) : IAsyncDisposable
    {
        [Entrypoint]
        public int Now() => 1;

        [Entrypoint]
        public async Task<int> LaterAsync()
        {
            await Task.Yield();
            return 1;
        }

        public ValueTask DisposeAsync() => new(stop());
    }

    /// <summary>Speaks to the engine past Gaw's client.</summary>
    private sealed class RawClient : IAsyncDisposable
    {
        private readonly NatsConnection _connection;
        private readonly string _address;
        private readonly string _prefix;

        private RawClient(string address)
        {
            string[] parts = address.Split("?prefix=");
            _address = address;
            _prefix = parts[1];
            _connection = new NatsConnection(NatsOpts.Default with { Url = parts[0] });
        }

        public static async Task<RawClient> ConnectAsync(string address)
        {
            RawClient client = new(address);
            await client._connection.ConnectAsync();
            return client;
        }

        public static string Document(string path) =>
            $$$$"""{"_v": {"id": 7, "path": "{{{{path}}}}", "payload": {"args": {"_v": [1, 2], "_t": "tuple"}, "kwargs": {}, "meta": {}}}, "_t": "RequestDataType"}""";

        public async Task<string> RequestAsync(string subject, string document)
        {
            NatsMsg<string> answer = await _connection.RequestAsync<string, string>($"{_prefix}.{subject}", document, cancellationToken: Cancellation);
            return answer.Data ?? "";
        }

        public async Task PublishAsync(string subject, string document, string? replyTo) =>
            await _connection.PublishAsync($"{_prefix}.{subject}", Encoding.UTF8.GetBytes(document), replyTo: replyTo, cancellationToken: Cancellation);

        public async Task<NatsWorker> FindAsync(string service)
        {
            await using NatsDirectory directory = NatsDirectory.Open(_address);
            return (await directory.FindAsync(service, Cancellation)).Should().ContainSingle().Which;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }
}
