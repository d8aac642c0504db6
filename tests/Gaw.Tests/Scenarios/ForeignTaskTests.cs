using System.Threading.Tasks.Sources;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>User code is foreign code: what is behind a task of its own that it gives may throw when it is awaited, or go on twice.</summary>
public sealed class ForeignTaskTests
{
    public static TheoryData<string, string> Places =>
        new MatrixTheoryData<string, string>(["result", "no result", "filter", "inner filter", "client's filter", "instance", "scope", "health"], ["throws when it is awaited", "throws when it is asked", "goes on twice"]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_task_source_of_user_code_ends_no_process_and_disturbs_no_other_call(string place, string fault)
    {
        LogCollector log = new();
        Vault vault = new();
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions
        {
            LoggerFactory = log,
            Filters = place switch
            {
                "filter" => [() => new Faulty(fault)],
                "inner filter" => [static () => new Awaiting(), () => new Faulty(fault)],
                _ => [],
            },
            Scopes = place == "scope" ? () => new FaultyScope(fault) : null,
            Health = _ => new ValueTask<GawHealth>(new Source<GawHealth>(fault, new GawHealth(GawHealthStatus.Ok)), 0),
        });
        await server.Add(() => new VaultService(vault)).Add(() => new Giver(fault)).Add(() => new Held(fault)).StartAsync(Token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port, new GawClientOptions { Filters = place == "client's filter" ? [() => new Faulty(fault)] : [] });
        await using GawClient other = new("127.0.0.1", server.LocalEndPoint.Port);
        Task<int> innocent = other.CallAsync<int>("vault/wait", cancellationToken: Token);
        await vault.Entered.WaitForAsync(1);
        string path = place switch
        {
            "result" => "giver/number",
            "no result" => "giver/nothing",
            "instance" => "held/number",
            "health" => "_gaw/health",
            "scope" => "giver/with_context",
            _ => "giver/plain",
        };
        for (int i = 0; i < 20; i++)
        {
            // The call fails or succeeds, but it ends.
            await Record.ExceptionAsync(() => client.CallAsync<object>(path, cancellationToken: Token)).AsTask().WithinAsync(TestTimeouts.Limit, static () => "a call did not end");
            await Record.ExceptionAsync(() => DedicatedThread.RunAsync(() => client.Call<object>(path))).AsTask().WithinAsync(TestTimeouts.Limit, static () => "a call did not end");
        }

        (await other.CallAsync<string>("vault/echo", ["y"], cancellationToken: Token)).Should().Be("y");
        vault.Open.SetResult();
        (await innocent).Should().BePositive();
        await server.StopAsync(Token).WithinAsync(TestTimeouts.Limit, static () => "a call never ended");
        log.Errors.Where(static entry => !entry.Text.Contains(Source<int>.Text, StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Service("giver")]
    public sealed class Giver(string fault)
    {
        [Entrypoint]
        public ValueTask<int> NumberAsync() => new(new Source<int>(fault, 1), 0);

        [Entrypoint]
        public ValueTask NothingAsync() => new(new Source<int>(fault, 1), 0);

        [Entrypoint]
        public int Plain() => 1;

        [Entrypoint]
        public int WithContext(GawCallContext context) => context.Path.Length;
    }

    [Service("held")]
    public sealed class Held(string fault) : IAsyncDisposable
    {
        [Entrypoint]
        public int Number() => 1;

        public ValueTask DisposeAsync() => new(new Source<int>(fault, 1), 0);
    }

    private sealed class Faulty(string fault) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
            context.Path.StartsWith("vault", StringComparison.Ordinal) ? next(context) : new ValueTask(new Source<int>(fault, 1), 0);
    }

    private sealed class Awaiting : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            await next(context);
        }
    }

    private sealed class FaultyScope(string fault) : IGawCallScope, IServiceProvider
    {
        public IServiceProvider Services => this;

        public object? GetService(Type serviceType) => null;

        public ValueTask DisposeAsync() => new(new Source<int>(fault, 1), 0);
    }

    /// <summary>As a pooled source is that is awaited twice, or one with a mistake in it.</summary>
    private sealed class Source<T>(string fault, T result) : IValueTaskSource<T>, IValueTaskSource
    {
        public const string Text = "a task source with a mistake";

        public T GetResult(short token) => result;

        void IValueTaskSource.GetResult(short token)
        {
        }

        public ValueTaskSourceStatus GetStatus(short token) => fault == "throws when it is asked" ? throw new InvalidOperationException(Text) : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            if (fault == "throws when it is awaited")
            {
                throw new InvalidOperationException(Text);
            }

            ThreadPool.QueueUserWorkItem(_ =>
            {
                continuation(state);
                Record.Exception(() => continuation(state));
            });
        }
    }
}
