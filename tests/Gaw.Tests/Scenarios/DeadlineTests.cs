using System.Diagnostics;
using Gaw.Services;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>Time is a deadline, not a step: it holds while others read, while a call is sent, while a pause lasts, and across a suspension.</summary>
public sealed class DeadlineTests
{
    [Service("sink")]
    public interface ISink
    {
        void Take(string text, CancellationToken cancellationToken);

        [Entrypoint("take_later")]
        Task TakeAsync(string text, CancellationToken cancellationToken);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_synchronous_call_ends_in_its_time_though_answers_for_others_come_meanwhile()
    {
        // Answers each "now" at once, and nothing else.
        await using BadServer server = BadServer.Start(connection => connection.ForEachAsync(request =>
            request.Path == "a/now" ? connection.SendFrameAsync(BadServer.FirstAnswer(request.Id, "1")) : Task.CompletedTask));
        await using GawClient client = new("127.0.0.1", server.Port);
        client.Call<int>("a/now").Should().Be(1);
        Task<Exception?> late = DedicatedThread.RunAsync(() => Record.Exception(() => client.Call<int>("a/never", options: new CallOptions { Timeout = TimeSpan.FromSeconds(2) })));
        await server.WaitForRequestsAsync(2);
        Stopwatch took = Stopwatch.StartNew();
        Task<int> stays = client.CallAsync<int>("a/never", cancellationToken: Token);
        while (!late.IsCompleted)
        {
            // Each answer wakes the caller that reads.
            await Task.WhenAny(late, Task.Delay(200, Token));
            (await Record.ExceptionAsync(() => client.CallAsync<int>("a/now", cancellationToken: Token))).Should().BeNull();
            took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        }

        (await late).Should().BeOfType<TimeoutException>();
        took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(3.5));
        stays.IsCompleted.Should().BeFalse();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("encrypted256")]
    public async Task A_call_hears_its_token_and_its_time_out_while_it_is_sent(string mode)
    {
        Protection protection = Protection.Named(mode);
        using DeadServer server = DeadServer.Silent();
        foreach ((bool synchronous, bool cancels) in ((bool, bool)[])[(true, true), (true, false), (false, true), (false, false)])
        {
            await using GawClient client = new("127.0.0.1", server.Port, protection.Client with { MaxFrameBytes = 64 << 20, CallTimeout = TimeSpan.FromSeconds(cancels ? 60 : 1) });
            ISink sink = client.For<ISink>();
            string large = new('x', 20_000_000);
            using CancellationTokenSource caller = new();
            Task<Exception?> call = synchronous
                ? DedicatedThread.RunAsync(() => Record.Exception(() => sink.Take(large, caller.Token)))
                : Record.ExceptionAsync(() => sink.TakeAsync(large, caller.Token)).AsTask();
            if (cancels)
            {
                caller.CancelAfter(TimeSpan.FromSeconds(0.5));
            }

            Stopwatch took = Stopwatch.StartNew();
            Exception? ended = await call.WithinAsync(TestTimeouts.Limit, () => "the call did not end");
            ended.Should().BeAssignableTo(cancels ? typeof(OperationCanceledException) : typeof(TimeoutException));
            took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_was_left_alone_while_the_process_was_stopped_is_not_used_again(bool synchronous)
    {
        // No timer ticks, as in a process that is stopped, but the time goes on.
        StoppedTime time = new();
        await using BadServer server = BadServer.Start(BadServer.Answering(static request => request.Args.Split('[', ']')[1]));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { ConnectionLifetime = TimeSpan.FromSeconds(2), TimeProvider = time });
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        time.Advance(TimeSpan.FromSeconds(1));
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(1);

        time.Advance(TimeSpan.FromSeconds(6));
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(2);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_connection_that_was_left_alone_while_the_machine_slept_is_not_used_again(bool synchronous, bool ticks)
    {
        // The monotonic clock stands still in a sleep, the wall clock does not; the clock's tick may come before the next call or after it.
        SleepyTime time = new();
        await using BadServer server = BadServer.Start(BadServer.Answering(static request => request.Args.Split('[', ']')[1]));
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { ConnectionLifetime = TimeSpan.FromSeconds(20), TimeProvider = time });
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        time.Sleep(TimeSpan.FromSeconds(10));
        await TickAsync();
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(1, "it slept for less than ConnectionLifetime");
        time.Sleep(TimeSpan.FromSeconds(-3600));
        time.Advance(TimeSpan.FromSeconds(1.5));
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(1, "a wall clock that is set back is no sleep");

        time.Sleep(TimeSpan.FromSeconds(25));
        await TickAsync();
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(2);
        await TickAsync();
        (await Endings.CallAsync(client, 7, synchronous)).Should().Be(Ending.Result);
        server.ConnectionCount.Should().Be(2, "a jump costs one connection and no more");

        async Task TickAsync()
        {
            if (ticks)
            {
                time.Advance(TimeSpan.FromMilliseconds(200));
                await Task.Yield();
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.9, 0, 0)]
    [InlineData(5, 5, 0)]
    [InlineData(-5, 0, 0)]
    public void A_jump_of_the_wall_clock_is_reported_once(double jump, double first, double second)
    {
        SleepyTime time = new();
        Gaw.Scheduling.SuspendedTime suspended = new(time);
        time.Sleep(TimeSpan.FromSeconds(jump));
        time.Advance(TimeSpan.FromSeconds(100));

        suspended.Peek(time.GetTimestamp()).TotalSeconds.Should().Be(first);
        suspended.Take(time.GetTimestamp()).TotalSeconds.Should().Be(first);
        suspended.Peek(time.GetTimestamp()).TotalSeconds.Should().Be(second);
        suspended.Take(time.GetTimestamp()).TotalSeconds.Should().Be(second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disposal_ends_the_pause_before_a_further_attempt(bool synchronous)
    {
        using DeadServer refusing = DeadServer.Refusing();
        LogCollector log = new();
        GawClient client = new("127.0.0.1", refusing.Port, new GawClientOptions { ConnectTimeout = TimeSpan.FromMinutes(10), LoggerFactory = log });
        Task<Ending> call = Endings.CallAsync(client, 1, synchronous);
        await Eventually.BecomesTrueAsync(() => log.Entries.Count(entry => entry.Id.Id == 204) >= 4);
        Stopwatch took = Stopwatch.StartNew();
        client.Dispose();

        (await call.WithinAsync(TestTimeouts.Limit, () => "the call did not end")).Should().Be(Ending.NotRun);
        took.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1), "pauses are seconds long by now");
    }

    [Fact]
    public async Task A_disposal_ends_the_first_question_on_a_connection()
    {
        using System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        int port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        GawClient client = new("127.0.0.1", port, new GawClientOptions { RetryWhen = RetryWhen.KeptReplies, ConnectTimeout = TimeSpan.FromMinutes(10) });
        Task<Ending> call = Endings.CallAsync(client, 1, synchronous: false);
        using System.Net.Sockets.Socket accepted = await silent.AcceptSocketAsync(Token);
        byte[] buffer = new byte[4096];
        (await accepted.ReceiveAsync(buffer, Token)).Should().BePositive();
        client.Dispose();

        (await accepted.ReceiveAsync(buffer, Token).AsTask().WithinAsync(TestTimeouts.Limit, static () => "the connection did not end")).Should().Be(0);
        await Record.ExceptionAsync(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end"));
        call.IsCompleted.Should().BeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_older_than_ConnectionMaxAge_lets_its_calls_end_and_gets_no_others(bool synchronous)
    {
        FakeTimeProvider time = new();
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { ConnectionMaxAge = TimeSpan.FromSeconds(10), TimeProvider = time });
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        Task<int> open = synchronous ? DedicatedThread.RunAsync(() => client.Call<int>("vault/wait")) : client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        time.Advance(TimeSpan.FromSeconds(8));
        (await client.CallAsync<string>("vault/echo", ["young"], cancellationToken: Token)).Should().Be("young");
        server.Server.Connections.Should().Be(1);

        time.Advance(TimeSpan.FromSeconds(2.5));
        (await client.CallAsync<string>("vault/echo", ["old"], cancellationToken: Token)).Should().Be("old");
        server.Server.Connections.Should().Be(2);
        open.IsCompleted.Should().BeFalse("it is answered on the old one");
        server.Vault.Open.SetResult();
        await open.WithinAsync(TestTimeouts.Limit, () => "the open call did not end");
        time.Advance(TimeSpan.FromSeconds(0.2));
        await Eventually.BecomesTrueAsync(() => server.Server.Connections == 1);
    }

    private sealed class SleepyTime : FakeTimeProvider
    {
        private long _slept;

        public void Sleep(TimeSpan time) => Interlocked.Add(ref _slept, time.Ticks);

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _slept));
    }

    private sealed class StoppedTime : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
