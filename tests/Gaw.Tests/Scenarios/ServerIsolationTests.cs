using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>Callers on one connection of one server, and methods of one service that do everything forbidden: the others see right answers, no error, and a clean context.</summary>
public sealed class ServerIsolationTests
{
    private const int Callers = 63;

    private static readonly AsyncLocal<string?> Ambient = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(8)]
    public async Task Methods_that_do_everything_forbidden_disturb_no_other_call(int maxConcurrentCalls)
    {
        int calls = ClientConformanceTests.IsLong ? 100_000 : 300;
        LogCollector log = new(Microsoft.Extensions.Logging.LogLevel.Error);
        GawServerOptions options = new() { MaxConcurrentCalls = maxConcurrentCalls, LoggerFactory = log, Filters = [static () => new SettingFilter()] };
        await using GawServer server = new("127.0.0.1", 0, options);
        await server.Add(static () => new Misdeeds()).Add<Innocent>().StartAsync(Token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port, new GawClientOptions { CallTimeout = TimeSpan.FromMinutes(5) });
        await client.CallAsync<int>("innocent/look", [1], cancellationToken: Token);
        using CancellationTokenSource enough = new();
        Task forbidden = MisbehaveAsync(client, enough.Token);

        int[] wrong = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                int bad = 0;
                for (int i = 0; i < calls; i++)
                {
                    int value = (caller * 1_000_000) + i;
                    bad += await client.CallAsync<int>(i % 2 == 0 ? "innocent/look" : "innocent/look_later", [value], cancellationToken: Token) == value ? 0 : 1;
                }

                return bad;
            },
            Token)));
        await enough.CancelAsync();
        await forbidden.WithinAsync(TestTimeouts.Limit, static () => "the misdeeds did not end");

        wrong.Should().AllBeEquivalentTo(0);
        await Eventually.BecomesTrueAsync(() => server.RunningCalls == 0, () => $"{server.RunningCalls}");
        log.Entries.Should().BeEmpty();
    }

    private static async Task MisbehaveAsync(GawClient client, CancellationToken end)
    {
        string[] paths = ["misdeeds/set", "misdeeds/set_in_task", "misdeeds/block", "misdeeds/throw_in_callback", "misdeeds/fail", "misdeeds/too_large", "misdeeds/broken_result", "misdeeds/leave_work", "no/such"];
        for (int round = 0; !end.IsCancellationRequested; round++)
        {
            using CancellationTokenSource given = new();
            CallOptions soon = new() { Timeout = TimeSpan.FromMilliseconds(1000) };
            Task[] calls = [.. paths.SelectMany(path => Enumerable.Range(0, 3).Select(_ => Task.Run(() => client.CallAsync<object?>(path, cancellationToken: given.Token, options: soon), CancellationToken.None)))];
            await Task.Delay(20, CancellationToken.None);
            if (round % 2 == 0)
            {
                await given.CancelAsync();
            }

            foreach (Task call in calls)
            {
                await Record.ExceptionAsync(() => call);
            }
        }
    }

    [Service("innocent")]
    public sealed class Innocent
    {
        private static bool IsClean => Ambient.Value is null && Thread.CurrentPrincipal is null && SynchronizationContext.Current is null && System.Diagnostics.Activity.Current is null;

        /// <summary>The value, or one below zero where the context is not clean.</summary>
        [Entrypoint]
        public int Look(int value) => IsClean ? value : -1;

        [Entrypoint]
        public async Task<int> LookLaterAsync(int value)
        {
            bool wasClean = IsClean;
            await Task.Yield();
            return wasClean && IsClean ? value : -1;
        }
    }

    [Service("misdeeds")]
    public sealed class Misdeeds : IDisposable
    {
        [Entrypoint]
        public void Set()
        {
            Ambient.Value = "leaked";
            Thread.CurrentPrincipal = new System.Security.Principal.GenericPrincipal(new System.Security.Principal.GenericIdentity("leaked"), null);
            _ = new System.Diagnostics.Activity("leaked").Start();
            SynchronizationContext.SetSynchronizationContext(new BrokenContext());
        }

        [Entrypoint]
        public Task SetInTask()
        {
            Set();
            ExecutionContext.SuppressFlow();
            return Task.CompletedTask;
        }

        [Entrypoint]
        public void Block() => Thread.Sleep(30);

        [Entrypoint]
        public async Task ThrowInCallbackAsync(CancellationToken cancellationToken)
        {
            cancellationToken.Register(static () => throw new InvalidOperationException("from a callback"));
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        [Entrypoint]
        public void Fail() => throw new BrokenException();

        [Entrypoint]
        public string TooLarge() => new('x', 17 * 1024 * 1024);

        [Entrypoint]
        public IEnumerable<int> BrokenResult()
        {
            yield return 1;
            Set();
            throw new InvalidOperationException("the second item is broken");
        }

        [Entrypoint]
        public void LeaveWork() => ThreadPool.QueueUserWorkItem(static _ => Thread.Sleep(5));

        public void Dispose()
        {
            Set();
            throw new InvalidOperationException("not disposed well");
        }
    }

    private sealed class BrokenException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class BrokenContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("the window handle is gone");
    }

    private sealed class SettingFilter : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            if (context.Path.StartsWith("misdeeds/", StringComparison.Ordinal))
            {
                Ambient.Value = "leaked by a filter";
            }

            return next(context);
        }
    }
}
