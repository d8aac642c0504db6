using System.Collections.Concurrent;
using System.Diagnostics;
using Gaw.Scheduling;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Every blocking wait of a synchronous call goes through one watched door, touches no context of its caller, and ends. A thread that reads never blocks in a write.</summary>
public sealed class WaitingTests
{
    [Service("vault")]
    public interface IEcho
    {
        string Echo(string text, CancellationToken cancellationToken);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("not connected")]
    [InlineData("not connected, with a filter that awaits")]
    [InlineData("the server is down at first")]
    public async Task Callers_on_threads_of_the_pool_do_not_starve_the_process(string kind)
    {
        const int callers = 200;
        DeadServer? refusing = kind.Contains("down", StringComparison.Ordinal) ? DeadServer.Refusing() : null;
        int port = refusing?.Port ?? 0;
        GuardedServer? server = refusing is null ? await GuardedServer.StartAsync() : null;
        LogCollector log = new();
        GawClientOptions options = kind.Contains("filter", StringComparison.Ordinal) ? new() { Filters = [static () => new Awaiting()] } : new();
        await using GawClient client = new("127.0.0.1", refusing is null ? server!.Port : port, options with { CallTimeout = TestTimeouts.Limit, LoggerFactory = log });
        Stopwatch took = Stopwatch.StartNew();
        Task<string>[] calls = [.. Enumerable.Range(0, callers).Select(i => Task.Run(() => client.Call<string>("vault/echo", [$"{i}"]), Token))];
        if (refusing is not null)
        {
            await Eventually.BecomesTrueAsync(() => log.Entries.Count(static entry => entry.Id.Id == 204) >= 8);
            refusing.Dispose();
            server = await GuardedServer.StartAsync(port: port);
        }

        string[] answers = await Task.WhenAll(calls).WithinAsync(TestTimeouts.Limit, () => "a call did not end");
        answers.Should().Equal(Enumerable.Range(0, callers).Select(i => $"{i}"));
        took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(15), "200 threads that the pool adds by itself take it longer");
        await server!.DisposeAsync();
    }

    [Theory]
    [InlineData("context")]
    [InlineData("scheduler")]
    public async Task A_synchronous_call_whose_filter_awaits_does_not_wait_for_its_own_thread(string kind)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Filters = [static () => new Awaiting()] });
        Task<string> call = kind == "context"
            ? OneThread.RunAsync(() => client.Call<string>("vault/echo", ["x"]))
            : Task.Factory.StartNew(() => client.Call<string>("vault/echo", ["x"]), Token, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, 1).ExclusiveScheduler);

        (await call.WithinAsync(TestTimeouts.Limit, () => "the call did not end")).Should().Be("x");
    }

    [Fact]
    public async Task A_filter_that_never_goes_on_ends_its_synchronous_call_with_the_reason()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Filters = [static () => new Stuck()], CallTimeout = TimeSpan.FromSeconds(0.5) });
        Func<Task> calling = () => DedicatedThread.RunAsync(() => client.Call<string>("vault/echo", ["x"]));

        await calling.Should().ThrowAsync<TimeoutException>().WithMessage("The filters of vault/echo did not go on within*");
        server.Vault.Runs.Should().Be(0);
    }

    [Theory]
    [InlineData(true, "deadline", false, typeof(TimeoutException))]
    [InlineData(true, "token", false, typeof(OperationCanceledException))]
    [InlineData(true, "dispose", false, typeof(ObjectDisposedException))]
    [InlineData(false, "deadline", false, typeof(TimeoutException))]
    [InlineData(false, "token", false, typeof(OperationCanceledException))]
    [InlineData(false, "dispose", false, typeof(ObjectDisposedException))]
    [InlineData(true, "deadline", true, typeof(TimeoutException))]
    [InlineData(true, "dispose", true, typeof(ObjectDisposedException))]
    [InlineData(false, "token", true, typeof(OperationCanceledException))]
    [InlineData(false, "dispose", true, typeof(ObjectDisposedException))]
    public async Task A_call_whose_filter_waits_for_nothing_hears_all_that_ends_a_call(bool synchronous, string end, bool sends, Type expected)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        Tally waiting = new("filters that wait");
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Filters = [() => new StuckAt(sends, waiting)], CallTimeout = end == "deadline" ? TimeSpan.FromSeconds(0.5) : TimeSpan.FromHours(1) });
        using CancellationTokenSource caller = new();
        Task<string> call = synchronous
            ? DedicatedThread.RunAsync(() => client.For<IEcho>().Echo("x", caller.Token))
            : client.CallAsync<string>("vault/echo", ["x"], cancellationToken: caller.Token);
        await waiting.WaitForAsync(1);
        if (end == "token")
        {
            await caller.CancelAsync();
        }
        else if (end == "dispose")
        {
            client.Dispose();
        }

        (await Record.ExceptionAsync(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end"))).Should().BeAssignableTo(expected).And.NotBeOfType<Xunit.Sdk.XunitException>();
        server.Vault.Runs.Should().Be(sends ? 1 : 0);
    }

    [Fact]
    public async Task A_filter_that_goes_on_after_its_call_has_ended_sends_nothing()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        Late late = new();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Filters = [() => late], CallTimeout = TimeSpan.FromSeconds(0.5) });
        await DedicatedThread.RunAsync(() => Record.Exception(() => client.Call<string>("vault/echo", ["x"])));
        late.Gate.SetResult();

        Exception? ended = await late.Ended.Task.WithinAsync(TestTimeouts.Limit, static () => "the filter did not go on");
        ended.Should().BeOfType<TimeoutException>().Which.Message.Should().Contain("was not sent");
        server.Vault.Runs.Should().Be(0);
    }

    [Theory]
    [InlineData("plain", 16, 1)]
    [InlineData("plain", 2, 8)]
    [InlineData("encrypted256", 16, 1)]
    [InlineData("encrypted256", 2, 8)]
    [InlineData("tls", 16, 1)]
    [InlineData("tls", 2, 8)]
    public async Task Concurrent_calls_larger_than_the_sockets_buffers_do_not_wait_for_each_other(string mode, int callers, int megabytes)
    {
        Protection protection = Protection.Named(mode == "tls" ? "plain" : mode);
        GawServerOptions serving = protection.Server;
        GawClientOptions calling = protection.Client;
        using Authority authority = new();
        if (mode == "tls")
        {
            serving = serving with { Tls = authority.Server() };
            calling = calling with { Tls = authority.Client() };
        }

        await using GuardedServer server = await GuardedServer.StartAsync(serving);
        await using GawClient client = new("127.0.0.1", server.Port, calling);
        string text = new('x', megabytes * 1_000_000);
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        for (int round = 0; round < (ClientConformanceTests.IsLong ? 20 : 4); round++)
        {
            int[] lengths = await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller => caller % 4 == 3
                ? (await DedicatedThread.RunAsync(() => client.Call<string>("vault/echo", [text]))).Length
                : (await client.CallAsync<string>("vault/echo", [text], cancellationToken: Token)).Length)).WithinAsync(TestTimeouts.Limit, () => "a call did not end");
            lengths.Should().OnlyContain(length => length == text.Length);
        }
    }

    [Fact]
    public async Task Thirteen_thousand_calls_that_are_cancelled_together_disturb_no_other()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { TimeProvider = time });
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        Task<int> innocent = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        using CancellationTokenSource mass = new();
        Task<int>[] given = [.. Enumerable.Range(0, 13_000).Select(_ => client.CallAsync<int>("vault/wait", cancellationToken: mass.Token))];
        await mass.CancelAsync();
        await Record.ExceptionAsync(() => Task.WhenAll(given));
        time.Advance(TimeSpan.FromSeconds(0.5));
        innocent.IsCompleted.Should().BeFalse();
        server.Vault.Open.SetResult();

        await innocent.WithinAsync(TestTimeouts.Limit, () => "the innocent call did not end");
    }

    [Fact]
    public void The_least_number_of_threads_stays_the_programs_own()
    {
        PoolMinimum minimum = default;
        int present = 2;
        Change(kept: 1).Should().Be(3);
        Change(kept: 100).Should().Be(102);
        Change(kept: -1).Should().Be(2, "an end is told before its beginning");
        Change(kept: 32).Should().Be(34);

        present = 64;
        Change(kept: 33).Should().Be(97, "the program has asked for 64 meanwhile");
        Change(kept: 0).Should().Be(64);

        Change(kept: 100).Should().Be(164);
        present = 2;
        Change(kept: 99).Should().Be(101, "the program has asked for 2 meanwhile");
        Change(kept: 0).Should().Be(2);
        Change(kept: 100_000, most: 500).Should().Be(500);
        Change(kept: 5_000).Should().Be(1002);
        Change(kept: 0).Should().Be(2);

        int Change(int kept, int most = 32_767)
        {
            int next = minimum.Next(present, kept, most);
            minimum.WasSet(next);
            return present = next;
        }
    }

    private sealed class Awaiting : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            await Task.Delay(20);
            context.SetMetadata("token", "t");
            await next(context);
        }
    }

    /// <summary>Waits for nothing, before the call or behind it.</summary>
    private sealed class StuckAt(bool sends, Tally waiting) : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            if (sends)
            {
                await next(context);
            }

            waiting.Add();
            await new TaskCompletionSource().Task;
        }
    }

    private sealed class Stuck : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            await new TaskCompletionSource().Task;
            await next(context);
        }
    }

    private sealed class Late : IGawFilter
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<Exception?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            await Gate.Task;
            Ended.SetResult(await Record.ExceptionAsync(() => next(context).AsTask()));
        }
    }

    /// <summary>A thread with a context of its own, as that of a window: what is posted runs there, once it is free.</summary>
    private sealed class OneThread : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

        public static Task<T> RunAsync<T>(Func<T> work) => DedicatedThread.RunAsync(() =>
        {
            SetSynchronizationContext(new OneThread());
            return work();
        });

        public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));
    }
}
