using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>User code is foreign code: what a caller's code throws, keeps or leaves behind reaches no other call, no loop and no process.</summary>
public sealed class ForeignCodeTests_Client
{
    private static readonly AsyncLocal<object?> Ambient = new();

    [Service("vault")]
    public interface IVault
    {
        ValueTask<string> Echo(string text);

        ValueTask<int> Wait();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Post throws")]
    [InlineData("the continuation throws")]
    public async Task Foreign_code_that_throws_where_a_call_ends_disturbs_no_other(string kind)
    {
        LogCollector log = new();
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { LoggerFactory = log });
        IVault vault = client.For<IVault>();
        (await vault.Echo("first")).Should().Be("first");
        Task<int> innocent = client.CallAsync<int>("vault/wait", cancellationToken: Token);
        await server.Vault.Entered.WaitForAsync(1);
        for (int i = 0; i < 20; i++)
        {
            if (kind == "Post throws")
            {
                WithContext(new BrokenContext(), () => _ = AwaitAsync(vault));
            }
            else
            {
                Then(vault.Wait(), static () => throw new InvalidOperationException("foreign"));
            }
        }

        await server.Vault.Entered.WaitForAsync(21);
        server.Vault.Open.SetResult();

        await innocent.WithinAsync(TestTimeouts.Limit, () => "the innocent call did not end");
        (await client.CallAsync<string>("vault/echo", ["y"], cancellationToken: Token)).Should().Be("y");
        await Eventually.BecomesTrueAsync(() => log.Entries.Count(entry => entry.Id.Id == 130) == 20);
        server.Server.Connections.Should().Be(1);

        static async Task AwaitAsync(IVault vault) => await vault.Wait();
    }

    [Fact]
    public async Task Continuations_behind_a_slow_one_are_handed_over_and_run_beside_it()
    {
        const int count = 20;
        await using BadServer server = BadServer.Start(async connection =>
        {
            await connection.SendFrameAsync(BadServer.FirstAnswer((await connection.ReadRequestAsync())!.Id, "0"));
            List<byte> answers = [];
            for (int i = 0; i < count; i++)
            {
                answers.AddRange(connection.Code.Frame(BadServer.Answer((await connection.ReadRequestAsync())!.Id, "1")));
            }

            await connection.SendAsync([.. answers]);
            await connection.WaitForCloseAsync();
        });
        await using GawClient client = new("127.0.0.1", server.Port);
        (await client.CallAsync<int>("a/b", cancellationToken: Token)).Should().Be(0);
        int onReader = 0;
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(WorkAsync, Token))).WithinAsync(TestTimeouts.Limit, static () => "a continuation did not run");

        onReader.Should().BeLessThan(count / 2, "all of them came in one piece, and each takes its time");

        async Task WorkAsync()
        {
            await client.CallAsync<int>("a/b", cancellationToken: Token).ConfigureAwait(false);
            if (!Thread.CurrentThread.IsThreadPoolThread)
            {
                Interlocked.Increment(ref onReader);
            }

            // Less than after which a thread that is kept is noticed.
            Stopwatch worked = Stopwatch.StartNew();
            while (worked.ElapsedMilliseconds < 9)
            {
                Thread.SpinWait(100);
            }
        }
    }

    [Fact]
    public async Task A_continuation_leaves_its_context_to_no_other()
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        IVault vault = client.For<IVault>();
        (await vault.Echo("first")).Should().Be("first");
        Tally seen = new("continuations");
        int leaks = 0;
        for (int i = 0; i < 200; i++)
        {
            using (ExecutionContext.SuppressFlow())
            {
                Then(vault.Echo("x"), () =>
                {
                    if (Ambient.Value is not null || SynchronizationContext.Current is not null || Activity.Current is not null)
                    {
                        Interlocked.Increment(ref leaks);
                    }

                    Ambient.Value = "mine";
                    SynchronizationContext.SetSynchronizationContext(new BrokenContext());
                    _ = new Activity("mine").Start();
                    seen.Add();
                });
            }
        }

        await seen.WaitForAsync(200);
        leaks.Should().Be(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_client_keeps_its_first_callers_context(bool synchronous)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        WeakReference kept = await FirstCallAsync(client, synchronous);
        await Eventually.BecomesTrueAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !kept.IsAlive;
        });
        server.Server.Connections.Should().Be(1);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<WeakReference> FirstCallAsync(GawClient client, bool synchronous)
        {
            object large = new byte[1000];
            await Task.Run(async () =>
            {
                Ambient.Value = large;
                _ = synchronous ? client.Call<int>("vault/count") : await client.CallAsync<int>("vault/count");
                Ambient.Value = null;
            });
            return new WeakReference(large);
        }
    }

    [Theory]
    [InlineData("a call is cancelled while connecting")]
    [InlineData("the client is disposed while connecting")]
    [InlineData("a server of several cannot be reached")]
    public async Task Nothing_of_our_own_is_left_unobserved(string when)
    {
        List<string> unobserved = [];
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
            {
                unobserved.Add(e.Exception.ToString());
            }
        }

        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            using DeadServer gone = await DeadServer.BlackHoleAsync();
            await using GuardedServer healthy = await GuardedServer.StartAsync();
            string[] servers = when.StartsWith("a server", StringComparison.Ordinal) ? [$"127.0.0.1:{gone.Port}", $"127.0.0.1:{healthy.Port}"] : [$"127.0.0.1:{gone.Port}"];
            GawClient client = new(servers, new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1), Retries = 0 });
            using CancellationTokenSource caller = new();
            Task<int> call = client.CallAsync<int>("vault/count", cancellationToken: caller.Token);
            await Task.WhenAny(call, Task.Delay(100, Token));
            if (when.StartsWith("a call", StringComparison.Ordinal))
            {
                await caller.CancelAsync();
            }
            else if (when.StartsWith("the client", StringComparison.Ordinal))
            {
                client.Dispose();
            }

            await Record.ExceptionAsync(() => call);
            Gaw.PostOffice.RequestCarrier carrier = ClientInsides.Servers(client)[0];
            await Eventually.BecomesTrueAsync(() => !carrier.IsOpening);
            client.Dispose();
            call = null!;
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            lock (unobserved)
            {
                unobserved.Where(text => text.Contains("Gaw", StringComparison.Ordinal) && text.Contains($":{gone.Port}", StringComparison.Ordinal)).Should().BeEmpty();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_setter_that_calls_while_its_result_is_read_fails_with_the_reason_and_does_not_wait_for_itself(bool synchronous)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        (await client.CallAsync<string>("vault/echo", ["first"], cancellationToken: Token)).Should().Be("first");
        Calling.Client = client;

        Func<Task> calling = async () => _ = synchronous
            ? await DedicatedThread.RunAsync(() => client.Call<Calling>("_gaw/health"))
            : await client.CallAsync<Calling>("_gaw/health", cancellationToken: Token);

        (await calling.Should().ThrowAsync<GawSerializationException>()).Which.Message.Should().Contain("while that result is read");
        (await client.CallAsync<string>("vault/echo", ["after"], cancellationToken: Token)).Should().Be("after");
        client.Call<string>("vault/echo", ["after"]).Should().Be("after");
    }

    [Theory]
    [InlineData("starts")]
    [InlineData("is sampled")]
    [InlineData("ends")]
    public async Task A_listener_that_throws_when_a_span_leaves_no_span_behind(string when)
    {
        await using GuardedServer server = await GuardedServer.StartAsync();
        await using GawClient client = new("127.0.0.1", server.Port);
        string marked = $"vault/echo {when}";
        int thread = Environment.CurrentManagedThreadId;
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == GawTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                Environment.CurrentManagedThreadId != thread ? ActivitySamplingResult.None : when == "is sampled" ? throw new InvalidOperationException(marked) : ActivitySamplingResult.AllData,
            ActivityStarted = _ => Throw("starts"),
            ActivityStopped = _ => Throw("ends"),
        };
        ActivitySource.AddActivityListener(listener);
        using Activity own = new Activity("the caller's").Start();

        client.Call<string>("vault/echo", ["x"]).Should().Be("x");
        Activity.Current.Should().BeSameAs(own);

        void Throw(string now)
        {
            if (now == when && Environment.CurrentManagedThreadId == thread)
            {
                throw new InvalidOperationException(marked);
            }
        }
    }

    [Fact]
    public async Task A_callback_of_Tls_that_throws_is_a_connection_that_did_not_come_about()
    {
        using Authority authority = new();
        await using GuardedServer server = await GuardedServer.StartAsync(new GawServerOptions { Tls = authority.Server() });
        System.Net.Security.SslClientAuthenticationOptions tls = authority.Client();
        tls.RemoteCertificateValidationCallback = static (_, _, _, _) => throw new InvalidOperationException("mine");
        await using GawClient client = new("127.0.0.1", server.Port, new GawClientOptions { Tls = tls });

        (await ((Func<Task>)(() => client.CallAsync<int>("vault/count", cancellationToken: Token))).Should().ThrowAsync<GawConnectionException>())
            .Where(static e => e.Execution == CallExecution.NotRun && e.Message.Contains("a callback of Tls threw InvalidOperationException: mine", StringComparison.Ordinal));
    }

    private static void Then<T>(ValueTask<T> call, Action continuation) => call.GetAwaiter().UnsafeOnCompleted(continuation);

    private static void WithContext(SynchronizationContext context, Action work)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>What <c>_gaw/health</c> gives has a member of this name.</summary>
    public sealed class Calling
    {
        public static GawClient? Client { get; set; }

        public object? Status
        {
            get;
            set
            {
                Client!.Call<string>("vault/echo", ["nested"]);
                field = value;
            }
        }
    }

    private sealed class BrokenContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new InvalidOperationException("the window handle is gone");
    }
}
