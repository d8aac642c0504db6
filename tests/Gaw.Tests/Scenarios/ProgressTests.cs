using System.Collections.Concurrent;
using System.Threading.Channels;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Scenarios;

/// <summary>What a method says of its progress, whatever carries it: the newest state, one after the other, all before the call ends.</summary>
public abstract class ProgressTests(TestCarrier carrier) : CarriedTests(carrier)
{
    [Service("work")]
    public interface IWork
    {
        Task<int> CountAsync(int steps, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

        int Count2(int steps, IProgress<int>? progress);

        IAsyncEnumerable<int> StreamAsync(int count, IProgress<string> progress);
    }

    [Fact]
    public async Task The_last_report_comes_before_the_result_and_all_are_in_order()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect();
        IWork typed = client.For<IWork>();
        Emitted.IWork emitted = client.For<Emitted.IWork>();
        for (int i = 0; i < 100; i++)
        {
            Reports<int> reports = new();
            (await typed.CountAsync(1000, reports, Cancellation)).Should().Be(1000);
            reports.Seen.Should().BeInAscendingOrder().And.EndWith(1000);
            reports = new Reports<int>();
            typed.Count2(10, reports).Should().Be(10);
            reports.Seen.Should().BeInAscendingOrder().And.EndWith(10);
            reports = new Reports<int>();
            (await emitted.CountAsync(reports, 10)).Should().Be(10);
            reports.Seen.Should().BeInAscendingOrder().And.EndWith(10);
        }
    }

    [Fact]
    public async Task A_report_leaves_at_once_and_the_next_ones_as_the_newest_state_after_a_pause()
    {
        FakeTimeProvider clock = new();
        Desk desk = new();
        await using CarriedServer server = await StartAsync(s => s.Add<Work>(desk), new GawServerOptions { TimeProvider = clock });
        await using GawClient client = server.Connect();
        Reports<object?> reports = new();
        Task<string> call = client.CallAsync<string>("work/step", options: new CallOptions { Progress = reports, Timeout = Timeout.InfiniteTimeSpan }, cancellationToken: Cancellation);

        await desk.SayAsync("a");
        await reports.ReachAsync("a");
        await desk.SayAsync("b");
        await desk.SayAsync("c");
        reports.Seen.Should().Equal(["a"], "the period is not over");
        clock.Advance(TimeSpan.FromMilliseconds(50));
        await reports.ReachAsync("c");
        await desk.SayAsync("d");
        desk.Steps.Writer.Complete();

        (await call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be("done");
        reports.Seen.Should().Equal("a", "c", "d");
    }

    [Fact]
    public async Task Who_does_not_look_gets_the_result_alone()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect();
        dynamic rpc = client;

        client.Call<int>("work/count", [3]).Should().Be(3);
        ((int)rpc.work.count(3)).Should().Be(3);
        (await client.For<IWork>().CountAsync(3, cancellationToken: Cancellation)).Should().Be(3);
        client.For<IWork>().Count2(3, null).Should().Be(3);
        client.Call<int>("work/none", options: new CallOptions { Progress = new Reports<object?>() }).Should().Be(1);
    }

    [Fact]
    public async Task A_call_through_dynamic_looks_through_its_options()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect();
        dynamic rpc = client;
        Reports<object?> reports = new();

        ((int)rpc.work.count(3, new CallOptions { Progress = reports })).Should().Be(3);

        reports.Seen.Should().EndWith(3L);
        FluentActions.Invoking(() => rpc.work.count(3, new Reports<int>())).Should().Throw<GawSerializationException>().WithMessage("*CallOptions.Progress*");
    }

    [Fact]
    public async Task A_stream_has_progress_beside_its_items()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect();
        Reports<string> reports = new();
        List<int> items = [];

        await foreach (int item in client.For<IWork>().StreamAsync(1000, reports))
        {
            items.Add(item);
        }

        items.Should().Equal(Enumerable.Range(0, 1000));
        reports.Seen.Should().EndWith("item 999");
    }

    [Fact]
    public async Task A_list_that_is_read_as_a_stream_may_have_progress()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect();
        Reports<object?> reports = new();
        List<int> items = [];

        await foreach (int item in client.StreamAsync<int>("work/list", [3], options: new CallOptions { Progress = reports }, cancellationToken: Cancellation))
        {
            items.Add(item);
        }

        items.Should().Equal(0, 1, 2);
        reports.Seen.Should().EndWith("half");
    }

    [Fact]
    public async Task A_report_that_throws_is_not_the_calls()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        LogCollector log = new();
        await using GawClient client = server.Connect(new GawClientOptions { LoggerFactory = log });

        (await client.For<IWork>().CountAsync(3, new Reports<int>(static _ => throw new InvalidOperationException("on purpose")), Cancellation)).Should().Be(3);

        log.Text.Should().Contain("on purpose").And.Contain("work/count");
    }

    [Fact]
    public async Task A_report_that_blocks_holds_up_the_end_of_its_own_call_only()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect(new GawClientOptions { MaxConnections = 1 });
        using ManualResetEventSlim open = new();
        Tally entered = new("reports that block");
        Task<int> held = client.For<IWork>().CountAsync(
            3,
            new Reports<int>(_ =>
            {
                entered.Add();
                open.Wait(TestTimeouts.Limit);
            }),
            Cancellation);
        await entered.WaitForAsync(1);

        (await client.CallAsync<int>("work/none", cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, static () => "another call was held up")).Should().Be(1);
        client.Call<int>("work/none").Should().Be(1);
        held.IsCompleted.Should().BeFalse("all reports come before the call ends");
        open.Set();
        (await held.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().Be(3);
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_reports_nothing_more()
    {
        Desk desk = new();
        await using CarriedServer server = await ServingAsync<Work>(desk);
        await using GawClient client = server.Connect();
        using CancellationTokenSource source = new();
        using ManualResetEventSlim open = new();
        Tally entered = new("reports that block");
        Task<string> call = client.CallAsync<string>(
            "work/step",
            options: new CallOptions
            {
                Progress = new Reports<object?>(_ =>
                {
                    entered.Add();
                    open.Wait(TestTimeouts.Limit);
                }),
            },
            cancellationToken: source.Token);
        await desk.SayAsync("a");
        await entered.WaitForAsync(1);

        await source.CancelAsync();

        await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "it did not end")).Should().ThrowAsync<OperationCanceledException>();
        open.Set();
        client.Call<int>("work/none").Should().Be(1);
        entered.Value.Should().Be(1);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_logged_once_and_the_method_goes_on()
    {
        LogCollector log = new();
        await using CarriedServer server = await StartAsync(static s => s.Add<Work>(new Desk()), new GawServerOptions { LoggerFactory = log });
        await using GawClient client = server.Connect();
        Reports<object?> reports = new();

        client.Call<int>("work/unsendable", options: new CallOptions { Progress = reports }).Should().Be(1);

        reports.Seen.Should().BeEmpty();
        log.Entries.Where(static entry => entry.Id.Id == 212).Should().ContainSingle();
    }

    [Fact]
    public async Task A_failure_comes_behind_the_last_report()
    {
        await using CarriedServer server = await ServingAsync<Work>(new Desk());
        await using GawClient client = server.Connect();
        Reports<object?> reports = new();

        (await FluentActions.Awaiting(() => client.CallAsync<int>("work/fail", options: new CallOptions { Progress = reports }, cancellationToken: Cancellation)).Should().ThrowAsync<GawRemoteException>()).Which.RemoteName.Should().Be("Broken");

        reports.Seen.Should().EndWith("almost");
    }

    [Fact]
    public async Task Reports_after_the_end_are_nobodys()
    {
        Desk desk = new();
        await using CarriedServer server = await ServingAsync<Work>(desk);
        await using GawClient client = server.Connect();
        Reports<object?> reports = new();
        client.Call<int>("work/keep", options: new CallOptions { Progress = reports }).Should().Be(1);

        desk.Kept!.Report("late");

        client.Call<int>("work/none").Should().Be(1);
        reports.Seen.Should().BeEmpty();
    }

    public static class Emitted
    {
        /// <summary>Has no mark, so its proxy is emitted at run time; its progress stands first.</summary>
        public interface IWork
        {
            Task<int> CountAsync(IProgress<int> progress, int steps);
        }
    }

    /// <summary>What a test and the methods share.</summary>
    public sealed class Desk
    {
        private readonly Tally _said = new("steps that were said");

        public Channel<string> Steps { get; } = Channel.CreateUnbounded<string>();

        public IProgress<string>? Kept { get; set; }

        public void OnSaid() => _said.Add();

        public async Task SayAsync(string step)
        {
            int before = (int)_said.Value;
            await Steps.Writer.WriteAsync(step, Cancellation);
            await _said.WaitForAsync(before + 1);
        }
    }

    public sealed class Work(Desk desk) : IWork
    {
        public async Task<int> CountAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken)
        {
            for (int i = 1; i <= steps; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress!.Report(i);
            }

            await Task.Yield();
            return steps;
        }

        public int Count2(int steps, IProgress<int>? progress)
        {
            for (int i = 1; i <= steps; i++)
            {
                progress!.Report(i);
            }

            return steps;
        }

        public async IAsyncEnumerable<int> StreamAsync(int count, IProgress<string> progress)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                progress.Report($"item {i}");
                yield return i;
            }
        }

        [Entrypoint]
        public int None() => 1;

        [Entrypoint]
        public List<int> List(int count, IProgress<string> progress)
        {
            progress.Report("half");
            return [.. Enumerable.Range(0, count)];
        }

        [Entrypoint]
        public async Task<string> StepAsync(IProgress<string> progress, CancellationToken cancellationToken)
        {
            await foreach (string step in desk.Steps.Reader.ReadAllAsync(cancellationToken))
            {
                progress.Report(step);
                desk.OnSaid();
            }

            return "done";
        }

        [Entrypoint]
        public int Unsendable(IProgress<object> progress)
        {
            for (int i = 0; i < 10; i++)
            {
                progress.Report(new Action(() => { }));
            }

            return 1;
        }

        [Entrypoint]
        public int Fail(IProgress<string> progress)
        {
            progress.Report("begun");
            progress.Report("almost");
            throw new GawError("Broken", "on purpose");
        }

        [Entrypoint]
        public int Keep(IProgress<string> progress)
        {
            desk.Kept = progress;
            return 1;
        }
    }

    /// <summary>Takes reports where they come; <see cref="Progress{T}"/> would post them elsewhere.</summary>
    private sealed class Reports<T>(Action<T>? also = null) : IProgress<T>
    {
        private readonly ConcurrentQueue<T> _seen = new();

        public IReadOnlyCollection<T> Seen => _seen;

        public void Report(T value)
        {
            _seen.Enqueue(value);
            also?.Invoke(value);
        }

        public Task ReachAsync(T value) => Eventually.BecomesTrueAsync(() => _seen.LastOrDefault()?.Equals(value) == true);
    }
}
