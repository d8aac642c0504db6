using System.Collections.Concurrent;
using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Scenarios;

/// <summary>Whole calls, as the callers of a service see them, whatever carries them.</summary>
public abstract class CallTests(TestCarrier carrier) : CarriedTests(carrier)
{
    [Fact]
    public async Task A_call_through_dynamic_looks_like_a_call()
    {
        await using CarriedServer server = await ServingAsync<Calls>("hello!");
        await using GawClient client = server.Connect();
        dynamic rpc = client;

        string positional = rpc.calls.plus(10, 20);
        string named = rpc.calls.plus(a: 10, b: 20);
        string mixed = rpc.calls.plus(10, b: 20);
        string awaited = await rpc.calls.plusAsync(10, 20, Cancellation);
        string indexed = rpc["calls"]["odd name!"](10);
        string member = rpc["calls"].plus(10, 20);
        rpc.calls.nothing();

        new[] { positional, named, mixed, awaited, indexed, member }.Should()
            .Equal("hello!: 30", "hello!: 30", "hello!: 30", "hello!: 30", "odd: 10", "hello!: 30");
    }

    [Fact]
    public async Task A_dynamic_call_takes_one_token_and_one_set_of_options()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        dynamic client = server.Connect();
        CallOptions options = new();

        ((string)client.calls.plus(1, 2, options, Cancellation)).Should().Be("n: 3");
        ((Action)(() => client.calls.plus(1, 2, options, options))).Should().Throw<ArgumentException>().WithMessage("Two CallOptions were given; a call has one.*");
        ((Action)(() => client.calls.plus(1, Cancellation, 2, Cancellation))).Should().Throw<ArgumentException>().WithMessage("Two cancellation tokens were given; a call has one.*");
        client.Dispose();
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_named_with_its_call_and_its_place()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();
        object?[] unsendable = [1, new object[] { new Action(static () => { }) }];

        GawSerializationException argument = client.Invoking(c => c.Call<string>("calls/plus", unsendable)).Should().Throw<GawSerializationException>().Which;
        GawSerializationException result = client.Invoking(c => c.Call<int[]>("calls/pair", [1, 2])).Should().Throw<GawSerializationException>().Which;

        argument.Message.Should().StartWith("calls/plus: args[1][0]: ");
        result.Message.Should().StartWith("calls/pair: result[1]: ");
        result.ValuePath.Should().Be("result[1]");
    }

    [Fact]
    public async Task A_method_can_be_kept_and_called_later()
    {
        await using CarriedServer server = await ServingAsync<Calls>("hello!");
        dynamic client = server.Connect();

        dynamic plus = client.calls.plus;
        string sum = plus(1, 2);
        client.Dispose();

        sum.Should().Be("hello!: 3");
    }

    [Fact]
    public async Task What_a_method_throws_is_a_warning_in_the_log_unless_it_is_meant_for_the_caller()
    {
        LogCollector log = new(LogLevel.Information);
        await using CarriedServer server = await StartAsync(s => s.Add<Calls>("n"), new GawServerOptions { LoggerFactory = log });
        await using GawClient client = server.Connect();

        client.Invoking(c => c.Call<int>("calls/choose")).Should().Throw<GawRemoteException>();
        log.Entries.Should().NotContain(entry => entry.Level >= LogLevel.Warning);
        client.Invoking(c => c.Call<int>("calls/fail", ["because"])).Should().Throw<GawRemoteException>();
        log.Entries.Where(entry => entry.Level >= LogLevel.Warning).Should().ContainSingle().Which.Text.Should().Contain("calls/fail threw an exception").And.Contain("because");
    }

    [Fact]
    public async Task A_failure_carries_name_message_and_trace_and_leaves_the_connection_usable()
    {
        await using CarriedServer server = await StartAsync(s => s.Add<Calls>("hello!"), new GawServerOptions { Traces = TracePolicy.Always });
        await using GawClient client = server.Connect();

        GawRemoteException failure = (await client.Awaiting(c => c.CallAsync<int>("calls/fail", ["because"], cancellationToken: Cancellation))
            .Should().ThrowAsync<GawRemoteException>()).Which;

        failure.RemoteName.Should().Be(nameof(InvalidOperationException));
        failure.RemoteMessage.Should().Be("because");
        failure.RemoteTrace.Should().Contain(nameof(Calls.Fail));
        failure.Path.Should().Be("calls/fail");
        client.Call<string>("calls/plus", [1, 2]).Should().Be("hello!: 3", "the failure belongs to the call, not to the connection");
    }

    [Fact]
    public async Task A_service_chooses_what_crosses_and_an_operator_that_no_trace_does()
    {
        await using CarriedServer server = await StartAsync(s => s.Add<Calls>("hello!"), new GawServerOptions { Traces = TracePolicy.Never });
        await using GawClient client = server.Connect();

        GawRemoteException failure = client.Invoking(c => c.Call<int>("calls/choose")).Should().Throw<GawRemoteException>().Which;

        (failure.RemoteName, failure.RemoteMessage, failure.RemoteTrace).Should().Be(("ValueError", "no good", null));
    }

    [Fact]
    public async Task An_unknown_path_says_what_is_near()
    {
        await using CarriedServer server = await ServingAsync<Calls>("hello!");
        await using GawClient client = server.Connect();

        client.Invoking(c => c.Call<int>("calls/pluss")).Should().Throw<GawRemoteException>()
            .Where(e => e.RemoteName == "KeyError" && e.RemoteMessage == "path: calls/pluss not found, did you mean calls/plus?");
        client.Invoking(c => c.Call<int>("calls/entirely_different")).Should().Throw<GawRemoteException>()
            .Where(e => e.RemoteMessage == "path: calls/entirely_different not found");
    }

    [Fact]
    public async Task Ten_thousand_calls_at_once_on_one_client_all_get_their_own_answer()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();

        client.Call<string>("calls/plus", [1, 1]).Should().Be("n: 2", "the first answer tells that the server takes many calls on a connection");
        string[] sums = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => client.CallAsync<string>("calls/plus_later", [i, i], cancellationToken: Cancellation)));

        sums.Should().Equal(Enumerable.Range(0, 10_000).Select(i => $"n: {i + i}"));
        server.Connections.Should().BeLessThanOrEqualTo(1, "one connection carries them all");
    }

    [Fact]
    public async Task Two_hundred_clients_at_once_are_served()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");

        string[] sums = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using GawClient client = server.Connect();
            return await client.CallAsync<string>("calls/plus", [i, 1], cancellationToken: Cancellation);
        }));

        sums.Should().Equal(Enumerable.Range(0, 200).Select(i => $"n: {i + 1}"));
    }

    [Fact]
    public async Task Synchronous_calls_of_many_threads_and_awaited_ones_share_a_client()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();
        ConcurrentQueue<string> wrong = new();

        Thread[] threads = [.. Enumerable.Range(0, 16).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                string sum = client.Call<string>("calls/plus", [t, i]);
                if (sum != $"n: {t + i}")
                {
                    wrong.Enqueue(sum);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async t =>
        {
            for (int i = 0; i < 500; i++)
            {
                string sum = await client.CallAsync<string>("calls/plus", [t, i], cancellationToken: Cancellation);
                if (sum != $"n: {t + i}")
                {
                    wrong.Enqueue(sum);
                }
            }
        }));
        Array.ForEach(threads, static thread => thread.Join());

        wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task A_slow_call_holds_up_none_of_the_others_of_its_client()
    {
        Gate.Close();
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();

        Task<string> blocking = client.CallAsync<string>("calls/block", cancellationToken: Cancellation);
        Task<string> waiting = client.CallAsync<string>("calls/wait", cancellationToken: Cancellation);
        string[] sums = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => client.CallAsync<string>("calls/plus", [i, 0], cancellationToken: Cancellation)));

        sums.Should().HaveCount(1000);
        blocking.IsCompleted.Should().BeFalse();
        waiting.IsCompleted.Should().BeFalse();
        Gate.Open();
        (await blocking, await waiting).Should().Be(("through", "through"));
    }

    [Fact]
    public async Task A_continuation_that_blocks_does_not_hold_up_the_answers_behind_it()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();
        using ManualResetEventSlim release = new();

        Task blocked = Task.Run(
            async () =>
            {
                await client.CallAsync<string>("calls/plus", [1, 1], cancellationToken: Cancellation).ConfigureAwait(false);
                release.Wait(Cancellation);
            },
            Cancellation);
        string[] sums = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.CallAsync<string>("calls/plus", [i, 0], cancellationToken: Cancellation)));
        release.Set();
        await blocked;

        sums.Should().HaveCount(100);
    }

    [Fact]
    public async Task A_synchronous_call_inside_a_continuation_is_answered()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();

        await Task.Run(CallInTurnsAsync, Cancellation);

        async Task CallInTurnsAsync()
        {
            for (int i = 0; i < 20; i++)
            {
                string first = await client.CallAsync<string>("calls/plus", [i, 1], cancellationToken: Cancellation).ConfigureAwait(false);
                string second = client.Call<string>("calls/plus", [i, 2]);
                (first, second).Should().Be(($"n: {i + 1}", $"n: {i + 2}"));
            }
        }
    }

    [Fact]
    public async Task Services_call_services_even_their_own_server_over_one_client()
    {
        GawClient? inner = null;
        await using CarriedServer server = await StartAsync(s => s.Add<Calls>("n").Add(() => new Relay(inner!)));
        await using GawClient client = server.Connect();
        inner = client;

        client.Call<string>("relay/sync", [1, 2]).Should().Be("n: 3");
        (await client.CallAsync<string>("relay/later", [1, 2], cancellationToken: Cancellation)).Should().Be("n: 3");
        string[] relayed = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.CallAsync<string>("relay/later", [i, 0], cancellationToken: Cancellation)));
        relayed.Should().Equal(Enumerable.Range(0, 50).Select(i => $"n: {i}"));
    }

    [Fact]
    public async Task Cancelling_one_call_ends_it_and_no_other()
    {
        Gate.Close();
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();
        using CancellationTokenSource cancelled = new();

        client.Call<string>("calls/plus", [1, 1]);
        Task<string> given = client.CallAsync<string>("calls/wait", cancellationToken: cancelled.Token);
        Task<string> kept = client.CallAsync<string>("calls/wait", cancellationToken: Cancellation);
        client.Call<string>("calls/plus", [1, 1]);
        await cancelled.CancelAsync();

        (await given.Awaiting(t => t).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancelled.Token);
        Gate.Open();
        (await kept).Should().Be("through");
        client.Call<string>("calls/plus", [1, 1]).Should().Be("n: 2", "the late answer to the cancelled call is nobody's");
        server.Connections.Should().BeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task The_token_of_a_method_fires_when_its_caller_is_gone()
    {
        TaskCompletionSource started = new(), cancelled = new();
        await using CarriedServer server = await StartAsync(s => s.Add(() => new Patient(started, cancelled)));
        GawClient client = server.Connect();

        Task<string> call = client.CallAsync<string>("patient/wait", cancellationToken: Cancellation);
        await started.Task.WithinAsync(TestTimeouts.Limit, () => "the method did not start");
        client.Dispose();

        (await call.Awaiting(t => t).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        await cancelled.Task.WithinAsync(TestTimeouts.Limit, () => "the token did not fire");
    }

    [Fact]
    public async Task A_call_in_flight_when_the_server_stops_is_answered()
    {
        Gate.Close();
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();
        client.Call<string>("calls/plus", [1, 1]);

        // The second answer comes on the same connection, behind the call that waits: the server has got that one.
        Task<string> call = client.CallAsync<string>("calls/wait", cancellationToken: Cancellation);
        client.Call<string>("calls/plus", [1, 1]);

        Task stopping = server.StopAsync();
        Gate.Open();

        (await call).Should().Be("through");
        await stopping;
        client.Dispose();
    }

    [Fact]
    public async Task A_result_that_cannot_be_sent_is_an_error_and_not_a_lost_connection()
    {
        await using CarriedServer server = await ServingAsync<Calls>("n");
        await using GawClient client = server.Connect();

        client.Invoking(c => c.Call<object?>("calls/unsendable")).Should().Throw<GawRemoteException>().Which.RemoteName.Should().Be("SerializeError");
        client.Invoking(c => c.Call<object?>("calls/endless")).Should().Throw<GawRemoteException>().Which.RemoteName.Should().Be("SerializeError");
        client.Call<string>("calls/plus", [1, 2]).Should().Be("n: 3");
        server.Connections.Should().BeLessThanOrEqualTo(1);
    }

    public sealed class Calls(string prefix)
    {
        [Entrypoint]
        public string Plus(int a, int b) => $"{prefix}: {a + b}";

        [Entrypoint]
        public async Task<string> PlusLaterAsync(int a, int b)
        {
            await Task.Yield();
            return $"{prefix}: {a + b}";
        }

        [Entrypoint]
        public object[] Pair(int a, int b) => [a, $"{b}"];

        [Entrypoint]
        public void Nothing()
        {
        }

        [Entrypoint("odd name!")]
        public string Odd(int a) => $"odd: {a}";

        [Entrypoint]
        public int Fail(string message) => throw new InvalidOperationException(message);

        [Entrypoint]
        public int Choose() => throw new GawError("ValueError", "no good");

        [Entrypoint]
        public string Block()
        {
            Gate.Opened.Wait();
            return "through";
        }

        [Entrypoint]
        public async Task<string> WaitAsync()
        {
            await Gate.Opened;
            return "through";
        }

        [Entrypoint]
        public object Unsendable() => new Action(static () => { });

        [Entrypoint]
        public List<object> Endless()
        {
            List<object> list = [];
            list.Add(list);
            return list;
        }
    }

    public sealed class Relay(GawClient client)
    {
        [Entrypoint]
        public string Sync(int a, int b) => client.Call<string>("calls/plus", [a, b]);

        [Entrypoint]
        public Task<string> LaterAsync(int a, int b, CancellationToken cancellationToken) =>
            client.CallAsync<string>("calls/plus", [a, b], cancellationToken: cancellationToken);
    }

    public sealed class Patient(TaskCompletionSource started, TaskCompletionSource cancelled)
    {
        [Entrypoint]
        public async Task<string> WaitAsync(CancellationToken cancellationToken)
        {
            started.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                cancelled.TrySetResult();
            }

            return "never";
        }
    }

    /// <summary>Where the methods wait that are to be slow.</summary>
    private static class Gate
    {
        private static TaskCompletionSource _gate = new();

        public static Task Opened => _gate.Task;

        public static void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static void Open() => _gate.TrySetResult();
    }
}
