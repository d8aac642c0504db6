using System.Net;
using System.Net.Sockets;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client.Retries;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>tests/README.md, rows E1, E2, E5, D4 and F3: whether, when and how often a call is sent again, and what its caller learns.</summary>
public sealed class RetryTests
{
    /// <summary>What a server does with one connection after the other; afterwards it answers.</summary>
    private static readonly Dictionary<string, Func<BadServer.Connection, Task>[]> Servers = new()
    {
        ["answers"] = [],
        ["closes"] = [BadServer.CloseAfterRequest],
        ["resets"] = [BadServer.ResetAfterRequest],
        ["closes in the answer"] = [BadServer.CutInBody],
        ["closes in the length line"] = [BadServer.CutInLengthLine],
        ["is killed three times"] = [BadServer.ResetAfterRequest, BadServer.ResetAfterRequest, BadServer.ResetAfterRequest],
        ["hangs"] = [BadServer.Hang],
        ["talks nonsense"] = [BadServer.Garbage],
        ["answers another call"] = [BadServer.WrongId],
        ["says no"] = [connection => connection.ForEachAsync(request => connection.FailAsync(request, "ValueError", "no"))],
        ["cannot read it"] = [BadServer.Failure(FailureForm.Both)],
        ["gives a text"] = [BadServer.Answering(_ => "\"text\"")],
    };

    public static TheoryData<string, bool> Strangers => new(from what in new[] { "nonsense", "nonsense in a frame", "an answer to another call", "a frame without end" } from synchronous in new[] { false, true } select (what, synchronous));

    /// <summary>
    /// The table of row E1: for each server how often a call arrives there and how it ends, with the default options, idempotent, with
    /// <see cref="RetryWhen.AnyFailure"/>, and with both and no retries.
    /// </summary>
    [Theory]
    [InlineData("answers", 1, Ending.Result, 1, Ending.Result, 1, Ending.Result, 1, Ending.Result)]
    [InlineData("closes", 1, Ending.Unknown, 2, Ending.Result, 2, Ending.Result, 1, Ending.Unknown)]
    [InlineData("resets", 1, Ending.Unknown, 2, Ending.Result, 2, Ending.Result, 1, Ending.Unknown)]
    [InlineData("closes in the answer", 1, Ending.Ran, 2, Ending.Result, 2, Ending.Result, 1, Ending.Ran)]
    [InlineData("closes in the length line", 1, Ending.Ran, 2, Ending.Result, 2, Ending.Result, 1, Ending.Ran)]
    [InlineData("is killed three times", 1, Ending.Unknown, 4, Ending.Result, 4, Ending.Result, 1, Ending.Unknown)]
    [InlineData("hangs", 1, Ending.Timeout, 1, Ending.Timeout, 1, Ending.Timeout, 1, Ending.Timeout)]
    [InlineData("talks nonsense", 1, Ending.Protocol, 1, Ending.Protocol, 1, Ending.Protocol, 1, Ending.Protocol)]
    [InlineData("answers another call", 1, Ending.Protocol, 1, Ending.Protocol, 1, Ending.Protocol, 1, Ending.Protocol)]
    [InlineData("says no", 1, Ending.Remote, 1, Ending.Remote, 1, Ending.Remote, 1, Ending.Remote)]
    [InlineData("cannot read it", 1, Ending.Remote, 1, Ending.Remote, 1, Ending.Remote, 1, Ending.Remote)]
    [InlineData("gives a text", 1, Ending.Serialization, 1, Ending.Serialization, 1, Ending.Serialization, 1, Ending.Serialization)]
    public async Task E1_A_call_arrives_once_unless_its_caller_said_otherwise(
        string server, int arrived, Ending ending, int idempotent, Ending idempotentEnding, int any, Ending anyEnding, int none, Ending noneEnding)
    {
        (GawClientOptions Client, bool Idempotent, int Arrived, Ending Ending)[] columns =
        [
            (new() { Retries = -1 }, false, arrived, ending),
            (new() { Retries = 5 }, false, arrived, ending),
            (new() { Retries = -1 }, true, idempotent, idempotentEnding),
            (new() { Retries = 3 }, true, idempotent, idempotentEnding),
            (new() { Retries = -1, RetryWhen = RetryWhen.AnyFailure }, false, any, anyEnding),
            (new() { Retries = 0, RetryWhen = RetryWhen.AnyFailure }, true, none, noneEnding),
        ];
        foreach ((GawClientOptions options, bool isIdempotent, int times, Ending end) in columns)
        {
            foreach (bool synchronous in (bool[])[true, false])
            {
                await using BadServer bad = BadServer.Start(BadServer.InTurn([.. Servers[server], BadServer.Answering(Same)]));
                await using GawClient client = new("127.0.0.1", bad.Port, options);
                CallOptions call = new() { Idempotent = isIdempotent, Timeout = server == "hangs" ? TimeSpan.FromMilliseconds(100) : null };

                Ending ended = Ending.TooLate;
                while (ended == Ending.TooLate)
                {
                    ended = await Endings.CallAsync(client, 7, synchronous, call);
                }

                ended.Should().Be(end, "{0}, idempotent: {1}", options, isIdempotent);
                await bad.WaitForRequestsAsync(times);
                bad.RequestCount.Should().Be(times, "{0}, idempotent: {1}", options, isIdempotent);
            }
        }
    }

    [Theory]
    [InlineData(2, 3, Ending.Unknown)]
    [InlineData(3, 4, Ending.Result)]
    public async Task E1_Retries_counts_what_is_sent_again(int retries, int arrived, Ending ending)
    {
        foreach (bool synchronous in (bool[])[true, false])
        {
            await using BadServer server = BadServer.Start(BadServer.InTurn([.. Servers["is killed three times"], BadServer.Answering(Same)]));
            await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = retries });

            (await Endings.CallAsync(client, 7, synchronous, new CallOptions { Idempotent = true })).Should().Be(ending);
            server.RequestCount.Should().Be(arrived);
        }
    }

    [Fact]
    public async Task E1_A_call_that_is_sent_again_carries_another_id_and_the_same_arguments()
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.CloseAfterRequest, BadServer.Answering(Same)));
        await using GawClient client = new("127.0.0.1", server.Port);

        (await Endings.CallAsync(client, 7, synchronous: false, new CallOptions { Idempotent = true })).Should().Be(Ending.Result);

        server.Requests.Select(request => request.Id).Distinct().Should().HaveCount(2, "a late answer to the first must not be taken for one to the second");
        server.Requests.Select(request => (request.Path, request.Args, request.Kwargs)).Distinct().Should().ContainSingle();
    }

    /// <summary>
    /// The table of row E5, for what is not the fault of a server's bytes (those are in <see cref="ClientConformanceTests"/>): each failure has
    /// the class that the README and the documentation of <c>Call</c> name.
    /// </summary>
    [Theory]
    [InlineData("nobody listens", typeof(GawConnectionException), CallExecution.NotRun)]
    [InlineData("the server closes", typeof(GawConnectionException), CallExecution.Unknown)]
    [InlineData("the server closes within its answer", typeof(GawConnectionException), CallExecution.Ran)]
    [InlineData("the client is disposed meanwhile", typeof(GawConnectionException), CallExecution.Unknown)]
    [InlineData("the client is disposed before", typeof(ObjectDisposedException), null)]
    [InlineData("no answer comes", typeof(TimeoutException), null)]
    [InlineData("the caller cancels", typeof(OperationCanceledException), null)]
    [InlineData("the method throws", typeof(GawRemoteException), null)]
    [InlineData("the path does not exist", typeof(GawRemoteException), null)]
    [InlineData("an argument does not fit", typeof(GawRemoteException), null)]
    [InlineData("the request is too large for the server", typeof(GawRemoteException), null)]
    [InlineData("an argument cannot be written", typeof(GawSerializationException), null)]
    [InlineData("the result is of another type", typeof(GawSerializationException), null)]
    [InlineData("the request is too large for the client", typeof(GawSerializationException), null)]
    [InlineData("the answer is too large for the client", typeof(GawProtocolException), null)]
    [InlineData("it is no Gaw server", typeof(GawProtocolException), null)]
    public async Task E5_Every_way_to_fail_has_its_class(string failure, Type exception, CallExecution? execution)
    {
        foreach (bool synchronous in (bool[])[true, false])
        {
            Exception thrown = await FailAsync(failure, synchronous);

            thrown.GetType().Should().BeAssignableTo(exception, "{0}", thrown);
            thrown.Message.Should().NotBeNullOrWhiteSpace();
            (thrown as GawConnectionException)?.Execution.Should().Be(execution);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E5_A_server_that_speaks_first_is_no_Gaw_server_whether_it_is_heard_before_or_after_the_call_is_sent(bool synchronous)
    {
        await using BadServer server = BadServer.Start(async connection =>
        {
            await connection.SendAsync("SSH-2.0-OpenSSH_9.6\r\n");
            await connection.WaitForCloseAsync();
        });
        for (int i = 0; i < 50; i++)
        {
            await using GawClient client = new("127.0.0.1", server.Port);
            (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Protocol);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E5_A_server_with_all_its_connections_taken_has_not_run_the_call_and_is_tried_again(bool synchronous)
    {
        await using TestServer server = await TestServer.StartAsync(s => s.Add<CountedService>(new Runs()), new GawServerOptions { MaxConnections = 1 });
        GawClient holder = server.Connect();
        (await Endings.CallAsync(holder, 7, synchronous)).Should().Be(Ending.Result);
        for (int i = 0; i < 50; i++)
        {
            await using GawClient refused = server.Connect(new GawClientOptions { Retries = 0 });
            (await Endings.CallAsync(refused, 7, synchronous)).Should().Be(Ending.NotRun);
        }

        await using GawClient patient = server.Connect();
        Task<Ending> call = Endings.CallAsync(patient, 7, synchronous);
        holder.Dispose();
        (await call).Should().Be(Ending.Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E2_A_connection_that_the_server_closed_meanwhile_costs_no_retry_and_no_pause(bool synchronous)
    {
        FastForwardTimeProvider time = new(TimeSpan.FromSeconds(6));
        await using BadServer server = BadServer.Start(async connection =>
        {
            await connection.AnswerAsync((await connection.ReadRequestAsync())!, "7");
        });
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Retries = 0, TimeProvider = time });
        for (int call = 1; call <= 20; call++)
        {
            (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
            await server.WaitForClosedAsync(call);
        }

        server.RequestCount.Should().Be(20);
        time.Waits.Should().BeEmpty();
    }

    [Fact]
    public async Task E2_Fifty_clients_of_a_server_that_is_gone_try_at_growing_random_intervals()
    {
        using Socket taken = TakePort(out int port);
        List<TimeSpan> attempts = [];
        for (int i = 0; i < 50; i++)
        {
            FastForwardTimeProvider time = new(TimeSpan.FromSeconds(5));
            await using GawClient client = new("127.0.0.1", port, new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(60), TimeProvider = time });
            (await Endings.CallAsync(client, 7, synchronous: false)).Should().Be(Ending.NotRun);

            time.Passed.Should().BeLessThan(TimeSpan.FromSeconds(60)).And.BeGreaterThan(TimeSpan.FromSeconds(54.9), "the pause that was too long was not begun");
            time.Waits.Count.Should().BeInRange(15, 45);
            attempts.AddRange(time.Waits.Select(pause => pause.At + pause.Wait));
        }

        double[] lastSeconds = [.. Enumerable.Range(30, 25).Select(second => (double)attempts.Count(at => (int)at.TotalSeconds == second))];
        lastSeconds.Should().OnlyContain(count => count <= 3 * lastSeconds.Average(), "they do not come all at once");
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(3, 800)]
    [InlineData(4, 1600)]
    [InlineData(5, 3200)]
    [InlineData(6, 5000)]
    [InlineData(7, 5000)]
    [InlineData(40, 5000)]
    public void E2_A_pause_is_anything_up_to_100_ms_doubling_to_5_s(int failuresBefore, double longest)
    {
        FastForwardTimeProvider time = new(TimeSpan.FromSeconds(5));
        JsonWebClientOptions options = new() { ConnectTimeout = Timeout.InfiniteTimeSpan, TimeProvider = time };
        GawConnectionException failure = new("refused", null, CallExecution.NotRun);
        double[] pauses = [.. Enumerable.Range(0, 2000).Select(_ =>
        {
            RetryPolicy policy = new(options, began: time.GetTimestamp(), callTimeout: options.CallTimeout);
            TimeSpan pause = default;
            for (int i = 0; i <= failuresBefore; i++)
            {
                policy.TryGetPause(failure, mayBeSentAgain: false, out pause).Should().BeTrue("it goes on without end");
            }

            return pause.TotalMilliseconds;
        })];

        pauses.Should().OnlyContain(pause => pause >= 0 && pause <= longest);
        pauses.Max().Should().BeGreaterThan(0.95 * longest);
        pauses.Min().Should().BeLessThan(0.05 * longest);
        pauses.Average().Should().BeInRange(0.45 * longest, 0.55 * longest, "all lengths are as likely");
    }

    [Fact]
    public async Task E2_A_call_that_is_lost_each_time_is_sent_again_ever_more_slowly_within_its_time()
    {
        FastForwardTimeProvider time = new(TimeSpan.FromSeconds(5));
        await using BadServer server = BadServer.Start(BadServer.ResetAfterRequest);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { TimeProvider = time });
        (await Endings.CallAsync(client, 7, synchronous: false, new CallOptions { Idempotent = true, Timeout = TimeSpan.FromSeconds(100) })).Should().Be(Ending.Unknown);

        time.Passed.Should().BeLessThan(TimeSpan.FromSeconds(100));
        server.RequestCount.Should().BeInRange(20, 90, "pauses double to five seconds");
        (TimeSpan At, TimeSpan Wait)[] waits = [.. time.Waits];
        waits.Where(pause => pause.At > TimeSpan.FromSeconds(40)).Average(pause => pause.Wait.TotalSeconds).Should().BeInRange(1, 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task E2_Retries_is_how_often_connecting_is_tried_again(int retries)
    {
        using Socket taken = TakePort(out int port);
        FastForwardTimeProvider time = new(TimeSpan.FromSeconds(5));
        LogCollector log = new();
        await using GawClient client = new("127.0.0.1", port, new GawClientOptions { Retries = retries, ConnectTimeout = TimeSpan.FromHours(1), TimeProvider = time, LoggerFactory = log });

        (await Endings.CallAsync(client, 7, synchronous: false)).Should().Be(Ending.NotRun);
        log.Entries.Count(static entry => entry.Id.Id == 204).Should().Be(retries, "each further attempt is logged; a pause that is nearly none is no wait");
        (await Endings.CallAsync(client, 7, synchronous: true)).Should().Be(Ending.NotRun);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F3_A_server_that_comes_back_is_found_with_the_next_attempt(bool synchronous)
    {
        Socket taken = TakePort(out int port);
        LogCollector log = new();
        await using GawClient client = new("127.0.0.1", port, new GawClientOptions { LoggerFactory = log });
        Task<Ending> call = Endings.CallAsync(client, 7, synchronous);
        await Eventually.BecomesTrueAsync(() => RetryState() >= 4);

        taken.Dispose();
        await using BadServer server = BadServer.Start(BadServer.Answering(Same), port: port);
        int before = RetryState();

        (await call).Should().Be(Ending.Result);
        (RetryState() - before).Should().BeLessThanOrEqualTo(1, "one may have failed while the server began");
        server.RequestCount.Should().Be(1);

        int RetryState() => log.Entries.Count(entry => entry.Id.Id == 204);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task E5_A_call_that_was_lost_and_then_meets_a_stranger_still_says_that_it_may_have_run(string what, bool synchronous)
    {
        Func<BadServer.Connection, Task> stranger = what switch
        {
            "nonsense" => BadServer.Garbage,
            "nonsense in a frame" => BadServer.GarbageInFrame,
            "an answer to another call" => BadServer.WrongId,
            _ => BadServer.EndlessLengthLine,
        };
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.CloseAfterRequest, stranger));
        await using GawClient client = new("127.0.0.1", server.Port);
        CallOptions options = new() { Idempotent = true };
        CancellationToken token = TestContext.Current.CancellationToken;

        Func<Task> calling = synchronous
            ? () => DedicatedThread.RunAsync(() => client.Call<int>("promise/same", [7], options: options))
            : () => client.CallAsync<int>("promise/same", [7], options: options, cancellationToken: token);
        GawConnectionException failure = (await calling.Should().ThrowAsync<GawConnectionException>()).Which;

        failure.Execution.Should().Be(CallExecution.Unknown);
        failure.InnerException.Should().BeOfType<GawProtocolException>();
        failure.Message.Should().StartWith(failure.InnerException!.Message).And.Contain("Before that: ");
        server.RequestCount.Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E5_So_does_one_that_a_filter_repeats(bool synchronous)
    {
        await using BadServer server = BadServer.Start(BadServer.InTurn(BadServer.CloseAfterRequest, BadServer.Garbage));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Filters = [static () => new Repeating()] });
        CancellationToken token = TestContext.Current.CancellationToken;

        Func<Task> calling = synchronous ? () => DedicatedThread.RunAsync(() => client.Call<int>("promise/same", [7])) : () => client.CallAsync<int>("promise/same", [7], cancellationToken: token);
        GawConnectionException failure = (await calling.Should().ThrowAsync<GawConnectionException>()).Which;

        failure.Execution.Should().Be(CallExecution.Unknown);
        failure.InnerException.Should().BeOfType<GawProtocolException>();
        server.RequestCount.Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task D4_A_connection_that_was_idle_for_ConnectionLifetime_is_closed_and_the_next_call_has_another(bool synchronous)
    {
        await using BadServer server = BadServer.Start(BadServer.Answering(Same));
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { ConnectionLifetime = TimeSpan.FromSeconds(2), TimeProvider = time });
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        time.Advance(TimeSpan.FromSeconds(1.8));
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        time.Advance(TimeSpan.FromSeconds(1.8));
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(1, "it was never idle for so long");

        time.Advance(TimeSpan.FromSeconds(2.3));
        await server.WaitForClosedAsync(1);
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(2);
    }

    private static async Task<Exception> FailAsync(string failure, bool synchronous)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        GawClientOptions options = new() { Retries = 0, MaxFrameBytes = failure.StartsWith("the answer is too large", StringComparison.Ordinal) ? 1024 : 1 << 24 };
        options = failure == "the request is too large for the client" ? options with { MaxFrameBytes = 1024 } : options;
        Vault vault = new();
        await using TestServer served = await TestServer.StartAsync(
            s => s.Add(() => new VaultService(vault)).Add<ServerConformanceTests.Promise>(),
            new GawServerOptions { MaxFrameBytes = 8192 });
        await using BadServer bad = BadServer.Start(failure switch
        {
            "the server closes" => BadServer.CloseAfterRequest,
            "the server closes within its answer" => BadServer.CutInBody,
            "it is no Gaw server" => BadServer.Garbage,
            _ => BadServer.Hang,
        });
        using Socket refusing = TakePort(out int refused);
        using CancellationTokenSource caller = new();
        bool isBad = failure.StartsWith("the server closes", StringComparison.Ordinal) || failure.StartsWith("the client is disposed", StringComparison.Ordinal)
            || failure is "no answer comes" or "it is no Gaw server" or "the caller cancels";
        await using GawClient client = new("127.0.0.1", failure == "nobody listens" ? refused : isBad ? bad.Port : served.Port, options);
        if (failure == "the client is disposed before")
        {
            client.Dispose();
        }

        (string path, object?[] arguments) = failure switch
        {
            "the method throws" => ("promise/fail", [3]),
            "the path does not exist" => ("promise/nothing", []),
            "an argument does not fit" => ("promise/same", ["text"]),
            "the request is too large for the server" or "the request is too large for the client" => ("promise/length", [new string('x', 10_000)]),
            "the answer is too large for the client" => ("promise/text", [2000, 0]),
            "an argument cannot be written" => ("promise/same", [new Action(static () => { })]),
            "the result is of another type" => ("promise/text", [3, 0]),
            _ => ("promise/same", (object?[])[1]),
        };
        CallOptions call = new() { Timeout = failure == "no answer comes" ? TimeSpan.FromMilliseconds(100) : TestTimeouts.Limit };

        // A synchronous call has a token only through a typed client.
        Task<int> calling = synchronous && failure != "the caller cancels"
            ? DedicatedThread.RunAsync(() => client.Call<int>(path, arguments, options: call))
            : client.CallAsync<int>(path, arguments, cancellationToken: caller.Token, options: call);
        if (failure is "the caller cancels" or "the client is disposed meanwhile")
        {
            await bad.WaitForRequestsAsync(1);
            if (failure == "the caller cancels")
            {
                await caller.CancelAsync();
            }
            else
            {
                client.Dispose();
            }
        }

        Func<Task> waiting = () => calling.WithinAsync(TestTimeouts.Limit, () => "the call did not end");
        return (await waiting.Should().ThrowAsync<Exception>()).Which;
    }

    /// <summary>A port at which every connect is refused, and which nobody else gets.</summary>
    private static Socket TakePort(out int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    private static string Same(BadRequest request) => request.Args.Split('[', ']')[1];

    private sealed class Repeating : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            try
            {
                await next(context);
            }
            catch (GawConnectionException)
            {
                await next(context);
            }
        }
    }
}
