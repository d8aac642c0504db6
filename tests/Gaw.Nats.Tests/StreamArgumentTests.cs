using System.Runtime.CompilerServices;
using System.Text;
using Gaw.Nats.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using NATS.Client.Core;

namespace Gaw.Nats.Tests;

/// <summary>Arguments that are streams, where it matters that there are several workers and none of them has a connection of its own: who gets the items, and what a worker does that takes none.</summary>
public sealed class StreamArgumentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_go_to_the_worker_that_has_the_call_and_to_nobody_else()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Counter one = await Counter.StartAsync(address);
        await using Counter other = await Counter.StartAsync(address);
        await using Listener listener = await Listener.StartAsync(address);
        await using GawClient client = new([address]);

        foreach (long sum in await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CallAsync<long>("counter/sum", [Numbers(1000)], cancellationToken: Cancellation))))
        {
            sum.Should().Be(499_500);
        }

        one.Calls.Value.Should().BePositive();
        other.Calls.Value.Should().BePositive();
        await Eventually.BecomesTrueAsync(() => listener.Count(".$w.") >= 20);
        listener.Count(".$.counter").Should().Be(0);
    }

    [Fact]
    public async Task A_worker_that_takes_lists_only_gets_a_list_and_never_sees_a_stream()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using OldWorker old = await OldWorker.StartAsync(address, "counter");
        await using GawClient client = new([address], new GawClientOptions { Retries = 0 });
        Tally begun = new("streams that were asked for");

        (await client.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation)).Should().Be(4950);

        begun.Value.Should().Be(1);
        old.Requests.Should().NotContain(static request => request.Contains("_gaw/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_group_of_older_and_newer_workers_every_call_is_answered_and_each_stream_is_read_once()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using OldWorker old = await OldWorker.StartAsync(address, "counter");
        await using Counter counter = await Counter.StartAsync(address);
        Tally begun = new("streams that were asked for");
        for (int i = 0; i < 20; i++)
        {
            // One that was told by a newer worker that it takes streams sends all of them to newer ones.
            await using GawClient client = new([address], new GawClientOptions { Retries = 0 });
            foreach (long sum in await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation))))
            {
                sum.Should().Be(4950);
            }
        }

        begun.Value.Should().Be(100);
        counter.Calls.Value.Should().BePositive();
        old.Requests.Should().NotBeEmpty().And.NotContain(static request => request.Contains("_gaw/", StringComparison.Ordinal));
        (old.Requests.Count + counter.Calls.Value).Should().Be(100, "no call runs twice");
    }

    [Fact]
    public async Task Where_the_last_worker_that_takes_streams_has_gone_those_that_are_left_get_a_list()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using OldWorker old = await OldWorker.StartAsync(address, "counter");
        await using GawClient client = new([address], new GawClientOptions { Retries = 0 });
        Counter counter = await Counter.StartAsync(address);
        Tally begun = new("streams that were asked for");
        int calls = 0;
        for (; counter.Calls.Value == 0; calls++)
        {
            (await client.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation)).Should().Be(4950);
        }

        await counter.DisposeAsync();
        (await client.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation)).Should().Be(4950, "it goes elsewhere at once, and is no further attempt");

        begun.Value.Should().Be(calls + 1);
        old.Requests.Should().HaveCount(calls);
    }

    [Fact]
    public async Task Where_workers_may_not_listen_for_streams_they_get_a_list()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync("authorization { users = [ { user: worker, password: w, permissions: { subscribe: { deny: \"*.$s.>\" } } }, { user: client, password: c } ] }");
        string address = engine.NewAddress("client:c@");
        await using Counter counter = await Counter.StartAsync(address.Replace("client:c", "worker:w", StringComparison.Ordinal));
        await using GawClient client = new([address], new GawClientOptions { Retries = 0 });
        Tally begun = new("streams that were asked for");

        (await client.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation)).Should().Be(4950);

        begun.Value.Should().Be(1);
        counter.Calls.Value.Should().Be(1);
    }

    [Fact]
    public async Task A_call_with_a_stream_that_vanishes_says_which_subject_the_client_has_to_be_allowed()
    {
        FakeTimeProvider clock = new();
        string address = await NatsEngine.GetAddressAsync();
        await using Counter counter = await Counter.StartAsync(address);
        Tally vanished = new("calls that did not get through");
        await using EngineProxy proxy = EngineProxy.Start(address, (subject, _) =>
        {
            bool isThere = !subject.Contains(".$s.", StringComparison.Ordinal);
            vanished.Add(isThere ? 0 : 1);
            return isThere ? 1 : 0;
        });
        await using GawClient client = new([proxy.Through(address)], new GawClientOptions { TimeProvider = clock });
        Task<long> call = client.CallAsync<long>("counter/sum", [Numbers(100)], cancellationToken: Cancellation);
        await vanished.WaitForAsync(1);

        await Eventually.BecomesTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return call.IsCompleted;
        });

        GawConnectionException e = (await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>()).Which;
        e.Execution.Should().Be(CallExecution.Unknown);
        e.Message.Should().Contain($"May the client publish to {address.Split('=')[1]}.$s.counter.sum?");
    }

    [Fact]
    public async Task Where_nobody_serves_nothing_is_asked_of_the_stream_until_a_worker_comes()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using GawClient client = new([address]);
        await using GawClient impatient = new([address], new GawClientOptions { Retries = 1 });
        Tally begun = new("streams that were asked for");

        (await FluentActions.Awaiting(() => impatient.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation)).Should().ThrowAsync<GawConnectionException>())
            .Which.Should().Match<GawConnectionException>(static e => e.Execution == CallExecution.NotRun && !e.Message.Contains("_gaw/", StringComparison.Ordinal));
        begun.Value.Should().Be(0);
        Task<long> call = client.CallAsync<long>("counter/sum", [Numbers(100, begun)], cancellationToken: Cancellation);
        await using Counter counter = await Counter.StartAsync(address);

        (await call).Should().Be(4950);
        begun.Value.Should().Be(1);
        counter.Calls.Value.Should().Be(1);
    }

    [Fact]
    public async Task A_worker_that_is_killed_ends_the_stream_and_the_call_has_run()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess dies = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address], new GawClientOptions { RetryWhen = RetryWhen.AnyFailure });
        Tally begun = new("streams that were asked for");
        Tally ended = new("streams that were disposed");
        Task<int> call = client.CallAsync<int>("shelf/gather", [Forever(begun, ended, Cancellation)], cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(() => dies.Runs.Count > 1);

        dies.Kill();

        (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call was not given up")).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Ran);
        await ended.WaitForAsync(1);
        begun.Value.Should().Be(1, "its items are gone, so it is not made again");
    }

    [Fact]
    public async Task A_worker_that_is_killed_leaves_a_result_of_which_it_is_said_that_it_has_run()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using WorkerProcess dies = await WorkerProcess.StartAsync(address);
        await using GawClient client = new([address], new GawClientOptions { Retries = 0 });
        await using IAsyncEnumerator<int> items = client.StreamAsync<int>("shelf/pour", options: new CallOptions { ReadAhead = 1 }, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        (await items.MoveNextAsync()).Should().BeTrue();

        dies.Kill();

        // The limit that is named for the next item finds nobody, which the engine says in place of the reply.
        (await FluentActions.Awaiting(() => items.MoveNextAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "the stream did not end")).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Ran);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_method_whose_caller_says_nothing_more_ends_with_its_lease(bool reads)
    {
        FakeTimeProvider clock = new();
        string address = await NatsEngine.GetAddressAsync();
        await using Counter counter = await Counter.StartAsync(address, new GawServerOptions { TimeProvider = clock });
        await using GawClient client = new([address]);
        Task<long> call = client.CallAsync<long>(reads ? "counter/sum" : "counter/wait", [WaitAsync(Task.Delay(Timeout.Infinite, Cancellation))], cancellationToken: Cancellation);
        await counter.Calls.WaitForAsync(1);

        // The caller's clock stands, as that of a process that is gone.
        await Eventually.BecomesTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return counter.Ended.Value == 1;
        });

        (await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().BeOneOf("OperationCanceledException", "TaskCanceledException");
        await Eventually.BecomesTrueAsync(() => counter.Server.OpenStreams == 0);
    }

    [Theory]
    [InlineData("counter/sum", 100)]
    [InlineData("counter/wait", 100)]
    [InlineData("counter/idle", 100)]
    [InlineData("counter/sum", null)]
    [InlineData("counter/wait", null)]
    [InlineData("counter/idle", null)]
    public async Task A_call_with_a_stream_on_which_nothing_happens_lasts_while_both_sides_live(string path, int? seconds)
    {
        FakeTimeProvider clock = new();
        string address = await NatsEngine.GetAddressAsync();
        await using Counter counter = await Counter.StartAsync(address, new GawServerOptions { TimeProvider = clock });
        await using GawClient client = new([address], new GawClientOptions { TimeProvider = clock, CallTimeout = seconds is { } some ? TimeSpan.FromSeconds(some) : Timeout.InfiniteTimeSpan });
        TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncEnumerator<int> idle = client.StreamAsync<int>("counter/idle", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        Task call = path == "counter/idle" ? idle.MoveNextAsync().AsTask() : client.CallAsync<long>(path, [WaitAsync(goes.Task)], cancellationToken: Cancellation);
        await counter.Calls.WaitForAsync(1);

        for (int i = 0; i < 300; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await client.CallAsync<int>("counter/one", cancellationToken: Cancellation);
            call.IsCompleted.Should().BeFalse("{0} seconds have passed", i);
        }

        counter.Ended.Value.Should().Be(0);
        goes.SetResult();
        counter.Goes.SetResult();
        await call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end");
    }

    [Fact]
    public async Task An_item_above_the_limit_of_the_engine_is_an_error_that_says_so()
    {
        string address = await NatsEngine.GetAddressAsync();
        await using Counter counter = await Counter.StartAsync(address);
        await using GawClient client = new([address]);

        GawSerializationException e = (await FluentActions.Awaiting(() => client.CallAsync<int>("counter/length", [Texts(1000, 2_000_000)], cancellationToken: Cancellation)).Should().ThrowAsync<GawSerializationException>()).Which;

        e.Message.Should().Contain("max_payload").And.Contain("counter/length");
        (await client.CallAsync<int>("counter/length", [Texts(1_000_000, 1000)], cancellationToken: Cancellation)).Should().Be(1_001_000, "the client is unharmed");
    }

    [Fact]
    public async Task An_engine_that_is_killed_in_the_middle_fails_the_call()
    {
        await using NatsEngine engine = await NatsEngine.StartAsync();
        string address = engine.NewAddress();
        await using Counter counter = await Counter.StartAsync(address);
        await using GawClient client = new([address]);
        Tally ended = new("streams that were disposed");
        Task<long> call = client.CallAsync<long>("counter/sum", [Forever(new Tally("streams"), ended, Cancellation)], cancellationToken: Cancellation);
        await counter.Taken.WaitForAsync(1);

        engine.Kill();

        await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().ThrowAsync<GawException>();
        await ended.WaitForAsync(1);
        await engine.RestartAsync();
        (await client.CallAsync<long>("counter/sum", [Numbers(100)], cancellationToken: Cancellation)).Should().Be(4950);
    }

    private static async IAsyncEnumerable<int> Numbers(int count, Tally? begun = null)
    {
        begun?.Add();
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private static async IAsyncEnumerable<string> Texts(params int[] lengths)
    {
        foreach (int length in lengths)
        {
            await Task.Yield();
            yield return new string('x', length);
        }
    }

    private static async IAsyncEnumerable<int> WaitAsync(Task goes)
    {
        await goes;
        yield return 1;
    }

    private static async IAsyncEnumerable<int> Forever(Tally begun, Tally ended, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        begun.Add();
        try
        {
            for (int i = 0; ; i++)
            {
                yield return i;
                await Task.Delay(10, cancellationToken);
            }
        }
        finally
        {
            ended.Add();
        }
    }

    /// <summary>A worker, and what a test sees of it.</summary>
    public sealed class Counter : IAsyncDisposable
    {
        private Counter(string address, GawServerOptions options) => Server = new GawServer(address, options).Add<Counting>(this);

        public GawServer Server { get; }

        public Tally Calls { get; } = new("calls with streams");

        public Tally Taken { get; } = new("items that were taken");

        public Tally Ended { get; } = new("calls that were cancelled");

        public TaskCompletionSource Goes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<Counter> StartAsync(string address, GawServerOptions? options = null)
        {
            Counter counter = new(address, options ?? new GawServerOptions());
            await counter.Server.StartAsync(Cancellation);
            return counter;
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Service("counter")]
    public sealed class Counting(Counter counter)
    {
        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async Task<long> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
        {
            counter.Calls.Add();
            long sum = 0;
            try
            {
                await foreach (int item in items.WithCancellation(cancellationToken))
                {
                    counter.Taken.Add();
                    sum += item;
                }
            }
            catch (OperationCanceledException)
            {
                counter.Ended.Add();
                throw;
            }

            return sum;
        }

        /// <summary>Reads nothing.</summary>
        [Entrypoint]
        public async Task<long> WaitAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
        {
            counter.Calls.Add();
            try
            {
                await counter.Goes.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                counter.Ended.Add();
                throw;
            }

            return 0;
        }

        /// <summary>A result without items.</summary>
        [Entrypoint]
        public async IAsyncEnumerable<int> IdleAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            counter.Calls.Add();
            try
            {
                await counter.Goes.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    counter.Ended.Add();
                }
            }

            yield return 1;
        }

        [Entrypoint]
        public async Task<int> LengthAsync(IAsyncEnumerable<string> items)
        {
            int length = 0;
            await foreach (string item in items)
            {
                length += item.Length;
            }

            return length;
        }
    }

    /// <summary>Hears the items that are sent, to whomever.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly NatsConnection _connection;
        private readonly List<string> _subjects = [];
        private Task _listening = Task.CompletedTask;

        private Listener(string address) => _connection = new NatsConnection(NatsOpts.Default with { Url = address.Split('?')[0] });

        public static async Task<Listener> StartAsync(string address)
        {
            Listener listener = new(address);
            INatsSub<byte[]> sub = await listener._connection.SubscribeCoreAsync<byte[]>($"{address.Split('=')[1]}.>", cancellationToken: Cancellation);
            await listener._connection.PingAsync(Cancellation);
            listener._listening = listener.ListenAsync(sub);
            return listener;
        }

        /// <summary>How many messages with items went to such a subject.</summary>
        public int Count(string part)
        {
            lock (_subjects)
            {
                return _subjects.Count(subject => subject.Contains(part, StringComparison.Ordinal));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _connection.DisposeAsync();
            await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ListenAsync(INatsSub<byte[]> sub)
        {
            await foreach (NatsMsg<byte[]> message in sub.Msgs.ReadAllAsync(Cancellation))
            {
                lock (_subjects)
                {
                    if (message.Data is { } data && Encoding.UTF8.GetString(data).Contains("_gaw/send\", \"payload\": {\"args\": {\"_v\": [", StringComparison.Ordinal) && !message.Subject.EndsWith(".sum", StringComparison.Ordinal))
                    {
                        _subjects.Add(message.Subject);
                    }
                }
            }
        }
    }
}
