using System.Globalization;
using System.Text.RegularExpressions;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client.Retries;
using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>The time-out of a call is the deadline of the whole call: its connects, pauses and attempts have one beginning, and each has what is left.</summary>
public sealed partial class CallDeadlineTests
{
    [Service("counted")]
    public interface ISame
    {
        [Entrypoint("same", Idempotent = true)]
        int Same(int number);

        [Entrypoint("later", Idempotent = true)]
        Task<int> LaterAsync(int number);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Seconds after the beginning: when an attempt was lost before (-1: never), and now, with ConnectTimeout 10 s and a deadline of 30 s.</summary>
    [Theory]
    [InlineData(CallExecution.NotRun, -1, 0, true, "both times have just begun")]
    [InlineData(CallExecution.NotRun, -1, 9.8, true, "a first pause of 0.1 s still fits")]
    [InlineData(CallExecution.NotRun, -1, 10, false, "ConnectTimeout is over")]
    [InlineData(CallExecution.Unknown, -1, 10, true, "what was sent is no matter of ConnectTimeout")]
    [InlineData(CallExecution.Unknown, -1, 29.8, true, "a first pause of 0.1 s still fits")]
    [InlineData(CallExecution.Unknown, -1, 30, false, "the deadline has passed")]
    [InlineData(CallExecution.Ran, -1, 30, false, "the deadline has passed")]
    [InlineData(CallExecution.NotRun, 15, 24, true, "ConnectTimeout counts from the loss")]
    [InlineData(CallExecution.NotRun, 15, 25, false, "ConnectTimeout counts from the loss")]
    [InlineData(CallExecution.NotRun, 25, 29.7, true, "a second pause of 0.2 s still fits")]
    [InlineData(CallExecution.NotRun, 25, 30, false, "the deadline does not count from the loss")]
    [InlineData(CallExecution.Unknown, 25, 30, false, "the deadline does not count from the loss")]
    public void A_further_attempt_needs_time_before_the_deadline(CallExecution execution, double lostAt, double now, bool goesOn, string reason)
    {
        FakeTimeProvider time = new();
        JsonWebClientOptions options = new() { ConnectTimeout = TimeSpan.FromSeconds(10), TimeProvider = time };
        RetryPolicy policy = new(options, time.GetTimestamp(), TimeSpan.FromSeconds(30));
        if (lostAt >= 0)
        {
            time.Advance(TimeSpan.FromSeconds(lostAt));
            policy.TryGetPause(Failure(CallExecution.Unknown), mayBeSentAgain: true, out _).Should().BeTrue();
        }

        time.Advance(TimeSpan.FromSeconds(now - Math.Max(0, lostAt)));
        policy.TryGetPause(Failure(execution), mayBeSentAgain: true, out _).Should().Be(goesOn, reason);
        policy.IsOver(time.GetTimestamp()).Should().Be(now >= 30);
    }

    [Theory]
    [InlineData("async")]
    [InlineData("sync")]
    [InlineData("dynamic async")]
    [InlineData("dynamic sync")]
    [InlineData("typed async")]
    [InlineData("typed sync")]
    [InlineData("filter async")]
    [InlineData("filter sync")]
    public async Task Each_attempt_has_what_is_left_and_a_call_that_may_have_run_says_so(string how)
    {
        FakeTimeProvider time = new();
        TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using BadServer server = BadServer.Start(BadServer.InTurn(
            async connection =>
            {
                await connection.ReadRequestAsync();
                time.Advance(TimeSpan.FromSeconds(1.2));
                connection.Reset();
                lost.SetResult();
            },
            BadServer.Hang));
        bool filters = how.StartsWith("filter", StringComparison.Ordinal);
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions
        {
            TimeProvider = time,
            CallTimeout = TimeSpan.FromSeconds(2),
            Filters = filters ? [static () => new Again()] : [],
        });
        Task<Exception?> call = MakeAsync(client, how, new CallOptions { Idempotent = !filters });
        await lost.Task.WithinAsync(TestTimeouts.Limit, static () => "the first attempt did not come");
        while (server.RequestCount < 2)
        {
            // The pause, which is below 0.1 s.
            time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(1), Token);
        }

        int given = int.Parse(TimeoutMs().Match(server.Requests.Last().Json).Groups[1].Value, CultureInfo.InvariantCulture);
        given.Should().BeLessThanOrEqualTo(800, "1.2 s of 2 s are gone");
        time.Advance(TimeSpan.FromSeconds(1));

        // A synchronous caller reads with a time-out of the system's, for the same rest.
        Exception? ended = await call.WithinAsync(TimeSpan.FromSeconds(20), static () => "the call outlived its deadline");
        ended.Should().BeAssignableTo<TimeoutException>();
        ended!.InnerException.Should().BeOfType<GawConnectionException>().Which.Execution.Should().Be(CallExecution.Unknown);
        server.RequestCount.Should().Be(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_finds_no_time_for_another_attempt_ends_with_what_the_last_one_met(bool refused)
    {
        FastForwardTimeProvider time = new(TimeSpan.FromSeconds(5));
        using DeadServer dead = DeadServer.Refusing();
        await using BadServer server = BadServer.Start(BadServer.ResetAfterRequest);
        await using GawClient client = new("127.0.0.1", refused ? dead.Port : server.Port, new GawClientOptions { TimeProvider = time, ConnectTimeout = TimeSpan.FromMinutes(10) });
        CallOptions options = new() { Idempotent = true, Timeout = TimeSpan.FromSeconds(20) };

        (await Endings.CallAsync(client, 7, synchronous: false, options)).Should().Be(refused ? Ending.NotRun : Ending.Unknown);
        time.Passed.Should().BeLessThan(TimeSpan.FromSeconds(20), "the deadline is that of all attempts").And.BeGreaterThan(TimeSpan.FromSeconds(14.9));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_filter_that_goes_on_after_the_deadline_sends_nothing(bool synchronous)
    {
        FakeTimeProvider time = new();
        await using BadServer server = BadServer.Start(BadServer.Answering(static request => request.Args.Split('[', ']')[1]));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { TimeProvider = time, CallTimeout = TimeSpan.FromSeconds(2), Filters = [() => new Slow(time)] });

        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.TooLate);
        server.RequestCount.Should().Be(0);
    }

    private static Task<Exception?> MakeAsync(GawClient client, string how, CallOptions options)
    {
        dynamic rpc = client;
        ISame typed = client.For<ISame>();
        return how switch
        {
            "dynamic async" => Record.ExceptionAsync(async () => await (Task<dynamic>)rpc.counted.sameAsync(7, options)).AsTask(),
            "dynamic sync" => DedicatedThread.RunAsync(() => Record.Exception(() => (object)rpc.counted.same(7, options))),
            "typed async" => Record.ExceptionAsync(async () => await typed.LaterAsync(7)).AsTask(),
            "typed sync" => DedicatedThread.RunAsync(() => Record.Exception(() => (object)typed.Same(7))),
            _ when how.EndsWith("async", StringComparison.Ordinal) => Record.ExceptionAsync(async () => await client.CallAsync<int>("counted/same", [7], cancellationToken: Token, options: options)).AsTask(),
            _ => DedicatedThread.RunAsync(() => Record.Exception(() => (object)client.Call<int>("counted/same", [7], options: options))),
        };
    }

    private static GawConnectionException Failure(CallExecution execution) => new("failed", null, execution);

    [GeneratedRegex("\"timeout_ms\": ([0-9]+)")]
    private static partial Regex TimeoutMs();

    /// <summary>Makes a call once more that was lost.</summary>
    private sealed class Again : IGawFilter
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

    private sealed class Slow(FakeTimeProvider time) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return next(context);
        }
    }
}
