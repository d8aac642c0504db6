using Gaw.Testing;
using Gaw.Tests.Scenarios;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Testing;

/// <summary>What a test host makes go wrong is what a network does, without one.</summary>
public sealed class GawTestHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_reply_leaves_its_caller_unsure_and_an_idempotent_call_is_sent_again()
    {
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs);
        await using GawClient client = host.Connect();

        host.LoseNextReply();
        GawConnectionException lost = client.Invoking(static c => c.Call<int>("counter/add")).Should().Throw<GawConnectionException>().Which;
        lost.Execution.Should().Be(CallExecution.Unknown);
        lost.Message.Should().Contain("the test host").And.Contain("The test host has lost the reply.");
        runs.Value.Should().Be(1, "the method has run");

        host.LoseNextReply(2);
        (await client.CallAsync<int>("counter/add", cancellationToken: Cancellation, options: new CallOptions { Idempotent = true })).Should().Be(4);
    }

    [Fact]
    public async Task A_lost_request_does_not_run_and_its_caller_cannot_know_that()
    {
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs);
        await using GawClient client = host.Connect();

        host.LoseNextRequest();

        client.Invoking(static c => c.Call<int>("counter/add")).Should().Throw<GawConnectionException>().Which.Execution.Should().Be(CallExecution.Unknown);
        runs.Value.Should().Be(0);
    }

    [Fact]
    public async Task A_kept_reply_is_asked_for_again_and_its_method_runs_once()
    {
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs, new GawServerOptions { KeepReplies = TimeSpan.FromMinutes(2) });
        await using GawClient client = host.Connect(new GawClientOptions { RetryWhen = RetryWhen.KeptReplies });
        client.Call<int>("counter/add").Should().Be(1);

        host.LoseNextReply();

        client.Call<int>("counter/add").Should().Be(2);
        runs.Value.Should().Be(2);
    }

    [Fact]
    public async Task A_cut_ends_open_calls_and_tells_the_methods_and_the_next_call_connects_again()
    {
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs);
        await using GawClient client = host.Connect();
        Task<int> call = client.CallAsync<int>("counter/wait", cancellationToken: Cancellation);
        await runs.WaitForAsync(1);

        host.Cut();

        (await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        await runs.WaitForAsync(100);
        host.Connections.Should().Be(0);
        client.Call<int>("counter/add").Should().BeGreaterThan(0);
        host.Connections.Should().Be(1);
    }

    [Fact]
    public async Task A_host_that_refuses_is_a_server_that_is_down()
    {
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs);
        host.Refuses = true;
        await using GawClient impatient = host.Connect(new GawClientOptions { Retries = 0 });
        await using GawClient patient = host.Connect();

        impatient.Invoking(static c => c.Call<int>("counter/add")).Should().Throw<GawConnectionException>().Which.Execution.Should().Be(CallExecution.NotRun);
        Task<int> call = patient.CallAsync<int>("counter/add", cancellationToken: Cancellation);
        call.IsCompleted.Should().BeFalse("it tries again");
        host.Refuses = false;

        (await call.WithinAsync(TestTimeouts.Limit, static () => "the call did not get through")).Should().Be(1);
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(30.0, false)]
    public async Task A_delay_is_the_clients_time_and_ends_a_call_that_has_less(double seconds, bool arrives)
    {
        FakeTimeProvider time = new();
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs);
        await using GawClient client = host.Connect(new GawClientOptions { TimeProvider = time, CallTimeout = TimeSpan.FromSeconds(10) });
        host.Delay = TimeSpan.FromSeconds(seconds);
        Task<int> call = client.CallAsync<int>("counter/add", cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(() => host.Connections == 1);

        // In small steps: what is due runs on the pool, and must not find the call's own time over.
        await Eventually.BecomesTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(arrives ? 0.02 : 1));
            return call.IsCompleted;
        });

        if (arrives)
        {
            (await call).Should().Be(1);
        }
        else
        {
            (await FluentActions.Awaiting(() => call).Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("counter/add on the test host gave no answer within 10 s");
        }
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_in_words()
    {
        await using GawTestHost host = Serve(new Tally("runs"));

        host.Invoking(static h => h.Delay = TimeSpan.FromSeconds(-1)).Should().Throw<ArgumentOutOfRangeException>().Which.Message.Should().Contain("Give Delay a duration of zero or more.");
        host.Invoking(static h => h.LoseNextReply(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(static () => GawTestHost.Serving(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public async Task Ten_thousand_calls_leave_nothing_behind()
    {
        Tally runs = new("runs");
        await using GawTestHost host = Serve(runs);
        await using GawClient client = host.Connect();

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => client.CallAsync<int>("counter/add", cancellationToken: Cancellation)));

        runs.Value.Should().Be(10_000);
        host.Connections.Should().Be(1);
    }

    [Theory]
    [InlineData("stopper/now")]
    [InlineData("stopper/later")]
    [InlineData("ending/now")]
    [InlineData("ending/later")]
    public async Task A_call_or_what_ends_it_may_dispose_the_host_and_is_answered(string path)
    {
        GawTestHost host = null!;
        TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host = GawTestHost.Serving(
            s => s.Add(() => new Stopper(() => host.DisposeAsync().AsTask())).Add(() => new StopFromWithinTests.Ending(async () =>
            {
                await host.DisposeAsync();
                disposed.TrySetResult();
            }, blocks: false)),
            new GawServerOptions { DrainTimeout = Timeout.InfiniteTimeSpan });
        await using GawClient client = host.Connect();

        (await client.CallAsync<int>(path, cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be(1);

        await (path.StartsWith("ending", StringComparison.Ordinal) ? disposed.Task : Task.CompletedTask).WithinAsync(TestTimeouts.Limit, static () => "the stop waited for the code that asked for it");
        await host.DisposeAsync().AsTask().WithinAsync(TestTimeouts.Limit, static () => "the host did not stop");
        host.Connections.Should().Be(0);
    }

    private static GawTestHost Serve(Tally runs, GawServerOptions? options = null) => GawTestHost.Serving(s => s.Add<Counter>(runs), options);

    public sealed class Counter(Tally runs)
    {
        [Entrypoint]
        public int Add() => (int)runs.Add() + 1;

        [Entrypoint]
        public async Task<int> WaitAsync(CancellationToken cancellationToken)
        {
            runs.Add();
            await runs.AddWhenCancelledAsync(cancellationToken, 100);
            return 1;
        }
    }

    public sealed class Stopper(Func<Task> stop)
    {
        [Entrypoint]
        public int Now()
        {
            stop().Wait(Cancellation);
            return 1;
        }

        [Entrypoint]
        public async Task<int> LaterAsync()
        {
            await Task.Yield();
            await stop();
            return 1;
        }
    }
}
