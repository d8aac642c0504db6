using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>A stop that is asked for from inside a method of the same server does not wait for that method, and its caller gets an answer.</summary>
public sealed class StopFromWithinTests
{
    private static readonly GawServerOptions Patient = new() { DrainTimeout = Timeout.InfiniteTimeSpan };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("stop", false)]
    [InlineData("stop_and_block", false)]
    [InlineData("dispose", false)]
    [InlineData("dispose_and_block", false)]
    [InlineData("stop_later", false)]
    [InlineData("stop_twice_and_dispose", false)]
    [InlineData("stop", true)]
    [InlineData("stop_and_block", true)]
    [InlineData("dispose", true)]
    [InlineData("dispose_and_block", true)]
    [InlineData("stop_later", true)]
    [InlineData("stop_twice_and_dispose", true)]
    public async Task A_method_may_stop_its_own_server_and_answer(string method, bool inOrder)
    {
        GawServer server = new("127.0.0.1", 0, Patient);
        await server.Add(() => new Stopper(server)).StartAsync(Token);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(inOrder ? RawPeer.Request("1", $"stopper/{method}") : RestartTests.Parallel("1", $"stopper/{method}"));

        IReadOnlyList<string> answers = await peer.ReadFramesUntilClosedAsync();
        answers.Should().Contain(static answer => answer.Contains("\"success\": true", StringComparison.Ordinal) && answer.Contains("stopped", StringComparison.Ordinal));
        await server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("a filter, before the method")]
    [InlineData("a filter, after the method")]
    [InlineData("what makes the instance")]
    [InlineData("what disposes the instance")]
    [InlineData("what disposes the instance, on its thread")]
    [InlineData("what disposes the instance of an awaited method")]
    [InlineData("what ends the scope")]
    [InlineData("the question for the health")]
    public async Task Code_around_a_method_may_stop_its_server_too(string where)
    {
        GawServer server = null!;
        Task StopAsync() => server.StopAsync();
        server = new GawServer("127.0.0.1", 0, Patient with
        {
            Filters = where.StartsWith("a filter", StringComparison.Ordinal) ? [() => new StoppingFilter(StopAsync, where.EndsWith("before the method", StringComparison.Ordinal))] : [],
            Scopes = where == "what ends the scope" ? () => new Ending(StopAsync, blocks: false) : null,
            Health = async _ =>
            {
                await StopAsync();
                return new GawHealth(GawHealthStatus.Ok);
            },
        });
        server.Add(() =>
        {
            if (where == "what makes the instance")
            {
                StopAsync().GetAwaiter().GetResult();
            }

            return new Plain();
        });
        await server.Add(() => new Ending(StopAsync, where.EndsWith("on its thread", StringComparison.Ordinal))).StartAsync(Token);
        string path = where switch
        {
            "the question for the health" => "_gaw/health",
            "what disposes the instance of an awaited method" => "ending/later",
            _ when where.StartsWith("what disposes", StringComparison.Ordinal) => "ending/now",
            _ => "plain/with_context",
        };
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(RestartTests.Parallel("1", path));

        (await peer.ReadFramesUntilClosedAsync()).Should().Contain(static answer => answer.Contains("\"success\": true", StringComparison.Ordinal));
        await server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Run_returns_when_the_server_was_stopped_from_elsewhere()
    {
        await using GawServer server = new("127.0.0.1", 0, Patient);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = server.Add(() => new Stopper(server)).RunAsync(started.SetResult, Token);
        await started.Task;
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(RestartTests.Parallel("1", "stopper/stop"));

        (await peer.ReadFramesUntilClosedAsync()).Should().Contain(static answer => answer.Contains("\"success\": true", StringComparison.Ordinal));
        await running.WithinAsync(TestTimeouts.Limit, static () => "Run did not return");
    }

    [Fact]
    public async Task A_server_that_is_to_stop_before_it_listens_ends_without_an_exception()
    {
        await using GawServer server = new("127.0.0.1", 0);
        await server.Add(static () => new Plain()).RunAsync(cancellationToken: new CancellationToken(canceled: true)).WithinAsync(TestTimeouts.Limit, static () => "Run did not return");

        server.IsListening.Should().BeFalse();
    }

    [Fact]
    public async Task It_waits_for_the_other_calls_but_not_for_those_that_stop_the_server_too()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Tally began = new("calls");
        GawServer server = new("127.0.0.1", 0, Patient);
        await server.Add(() => new Stopper(server)).Add<ServerConformanceTests.Gated>(gate, began).StartAsync(Token);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);

        // In one piece: what comes once the server has begun to stop is turned away.
        await peer.SendAsync([
            .. RawPeer.Frame(RestartTests.Parallel("1", "gated/same").Replace("\"_v\": []", "\"_v\": [5]", StringComparison.Ordinal)),
            .. Enumerable.Range(2, 3).SelectMany(static id => RawPeer.Frame(RestartTests.Parallel($"{id}", "stopper/stop"))),
        ]);
        await began.WaitForAsync(1);
        await Eventually.BecomesTrueAsync(() => server.IsStopping && server.RunningCalls == 4, () => $"{server.RunningCalls} calls run");
        Func<Task> waiting = () => ReadAllOfThemAsync().WaitAsync(TimeSpan.FromMilliseconds(400), Token);
        await waiting.Should().ThrowAsync<TimeoutException>("a call is in flight that they have to wait for");
        server.RunningCalls.Should().Be(4);
        gate.SetResult();

        await Eventually.BecomesTrueAsync(() => server.Connections == 0, () => $"{server.RunningCalls} calls run");
        await server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, static () => "the server did not stop");
        await server.DisposeAsync();

        async Task ReadAllOfThemAsync() => await Eventually.BecomesTrueAsync(() => server.RunningCalls < 4);
    }

    [Theory]
    [InlineData("let_go")]
    [InlineData("let_a_task_go")]
    [InlineData("let_go_later")]
    [InlineData("let_a_timer_go")]
    public async Task Code_that_outlives_its_method_is_of_no_call_and_waits_for_those_that_run(string method)
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously), letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Tally began = new("calls"), stopping = new("stops that began"), stopped = new("stops");
        GawServer server = new("127.0.0.1", 0, Patient);
        await server.Add(() => new Orphans(server, letGo.Task, stopping, stopped)).Add<ServerConformanceTests.Gated>(gate, began).StartAsync(Token);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        for (int i = 0; i < 50; i++)
        {
            // Each leaves its objects to the next one.
            (await peer.AskAsync(RestartTests.Parallel($"{i}", $"orphans/{method}"))).Should().Contain("\"success\": true");
        }

        await peer.SendFrameAsync(RestartTests.Parallel("99", "gated/same").Replace("\"_v\": []", "\"_v\": [5]", StringComparison.Ordinal));
        await began.WaitForAsync(1);
        letGo.SetResult();
        await stopping.WaitForAsync(50);
        await Eventually.BecomesTrueAsync(() => server.IsStopping && server.RunningCalls == 1, () => $"{server.RunningCalls} calls run");
        await Record.ExceptionAsync(() => stopped.WaitForAsync(1).WaitAsync(TimeSpan.FromMilliseconds(400), Token));
        stopped.Value.Should().Be(0, "a call is in flight, which is none of theirs");
        gate.SetResult();

        (await peer.ReadFramesUntilClosedAsync()).Should().Contain(static answer => answer.Contains("\"resp_to\": 99", StringComparison.Ordinal) && answer.Contains("\"success\": true", StringComparison.Ordinal));
        await stopped.WaitForAsync(50);
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_of_each_that_waits_for_a_stop_shortens_it(bool cancelledBefore)
    {
        Vault vault = new();
        GawServer server = new("127.0.0.1", 0, Patient);
        await server.Add(() => new VaultService(vault)).StartAsync(Token);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(RawPeer.Request("1", "vault/wait"));
        await vault.Entered.WaitForAsync(1);
        Task first = server.StopAsync(Token);
        using CancellationTokenSource hurry = new();
        if (cancelledBefore)
        {
            await hurry.CancelAsync();
        }

        Task second = server.StopAsync(hurry.Token);
        if (!cancelledBefore)
        {
            second.IsCompleted.Should().BeFalse();
            await hurry.CancelAsync();
        }

        await Task.WhenAll(first, second).WithinAsync(TestTimeouts.Limit, static () => "the stop was not shortened");
        vault.Open.SetResult();
        await server.DisposeAsync();
    }

    [Service("plain")]
    public sealed class Plain
    {
        [Entrypoint]
        public int WithContext(GawCallContext context) => context.Path.Length;
    }

    [Service("ending")]
    public sealed class Ending(Func<Task> stop, bool blocks) : IGawCallScope, IServiceProvider
    {
        public IServiceProvider Services => this;

        [Entrypoint]
        public int Now() => 1;

        [Entrypoint]
        public async Task<int> LaterAsync()
        {
            await Task.Yield();
            return 1;
        }

        public object? GetService(Type serviceType) => null;

        public ValueTask DisposeAsync()
        {
            if (!blocks)
            {
                return new ValueTask(stop());
            }

            stop().GetAwaiter().GetResult();
            return default;
        }
    }

    /// <summary>Methods that let code go which stops the server once it may.</summary>
    [Service("orphans")]
    public sealed class Orphans(GawServer server, Task mayStop, Tally stopping, Tally stopped)
    {
        [Entrypoint]
        public void LetGo() => _ = StopAsync();

        [Entrypoint]
        public string LetATaskGo()
        {
            _ = Task.Run(StopAsync);
            return "gone";
        }

        [Entrypoint]
        public async Task LetGoLaterAsync()
        {
            await Task.Yield();
            _ = Task.Run(StopAsync);
        }

        [Entrypoint]
        public void LetATimerGo()
        {
            // Its own state: nothing else keeps a timer from the garbage collector until it is due.
            Timer timer = new(_ => _ = StopAsync());
            timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        private async Task StopAsync()
        {
            await mayStop;
            Task stop = server.StopAsync();
            stopping.Add();
            await stop;
            stopped.Add();
        }
    }

    [Service("stopper")]
    public sealed class Stopper(GawServer server)
    {
        [Entrypoint]
        public async Task<string> StopAsync()
        {
            await server.StopAsync();
            return "stopped";
        }

        [Entrypoint]
        public string StopAndBlock()
        {
            server.StopAsync().GetAwaiter().GetResult();
            return "stopped";
        }

        [Entrypoint]
        public async Task<string> DisposeAsync()
        {
            await server.DisposeAsync();
            return "stopped";
        }

        [Entrypoint]
        public string DisposeAndBlock()
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return "stopped";
        }

        [Entrypoint]
        public async Task<string> StopTwiceAndDisposeAsync()
        {
            await server.StopAsync();
            await server.StopAsync();
            await server.DisposeAsync();
            return "stopped";
        }

        [Entrypoint]
        public async Task<string> StopLaterAsync()
        {
            await Task.Run(async () =>
            {
                await Task.Yield();
                await server.StopAsync();
            });
            return "stopped";
        }
    }

    private sealed class StoppingFilter(Func<Task> stop, bool before) : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            await (before ? stop() : Task.CompletedTask);
            await next(context);
            await (before ? Task.CompletedTask : stop());
        }
    }
}
