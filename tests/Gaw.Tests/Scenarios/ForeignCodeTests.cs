using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Principal;
using Gaw.Services;
using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>User code is foreign code: nothing that it does to its thread, its context or its exceptions reaches another call, a loop or the process.</summary>
public sealed class ForeignCodeTests
{
    private static readonly string Clean = ShowOnNewThread();

    public static TheoryData<string, bool> Setters => new(
        from setter in new[] { "sync", "task", "task_of", "value_task", "value_task_of", "yields_later", "fails", "static", "suppresses", "argument", "disposable" }
        from filtered in new[] { false, true }
        select (setter, filtered));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Setters))]
    public async Task Each_call_runs_in_a_clean_execution_context(string setter, bool filtered)
    {
        Func<IGawFilter>[] filters = filtered ? [static () => new SettingFilter()] : [];
        await using TestServer server = await TestServer.StartAsync(
            static s => s.Add(static () => new Ambient(setsWhenMade: false)).Add(static () => new SetWhenMade()).Add<Look>(), new GawServerOptions { Filters = filters });
        await using GawClient client = server.Connect();
        await using RawPeer python = await RawPeer.ConnectAsync(server.Port);
        for (int round = 0; round < 3; round++)
        {
            Set(() => client.Call<object?>($"ambient/{setter}", [new Marked("alice")]));
            Set(() => client.Call<object?>("set_when_made/run"));
            client.Call<string>("look/now").Should().Be(Clean);
            (await client.CallAsync<string>("look/later", cancellationToken: Cancellation)).Should().Be(Clean);

            await python.AskAsync(RawPeer.Request("7", $"ambient/{setter}", """{"name": "anna"}"""));
            await python.AskAsync(RawPeer.Request("8", "set_when_made/run"));
            (await python.AskAsync(RawPeer.Request("9", "look/now"))).Should().Be(BadServer.Answer("9", $"\"{Clean}\""));
            await python.AskAsync(RawPeer.Request("10", $"ambient/{setter}", "\"no such argument\""));
            (await python.AskAsync(RawPeer.Request("11", "look/now"))).Should().Be(BadServer.Answer("11", $"\"{Clean}\""));
        }

        static void Set(Action call)
        {
            try
            {
                call();
            }
            catch (GawRemoteException)
            {
                // One of them fails after it has set everything.
            }
        }
    }

    [Fact]
    public async Task A_synchronous_method_needs_no_context_of_its_own_and_one_that_is_awaited_has_one()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add<Look>());
        await using GawClient client = server.Connect();
        HashSet<int> synchronous = [], awaited = [];
        for (int i = 0; i < 20; i++)
        {
            synchronous.Add(client.Call<int>("look/context"));
            awaited.Add(client.Call<int>("look/context_later"));
        }

        synchronous.Should().ContainSingle("a context for each call would cost more than the call");
        awaited.Should().HaveCountGreaterThan(1).And.NotContain(synchronous.Single());
    }

    [Fact]
    public async Task What_a_call_sets_is_there_for_its_own_filters_method_and_continuations()
    {
        await using TestServer server = await TestServer.StartAsync(static s => s.Add(static () => new Ambient(setsWhenMade: false)), new GawServerOptions { Filters = [static () => new SettingFilter()] });
        await using GawClient client = server.Connect();

        (await client.CallAsync<string>("ambient/own", cancellationToken: Cancellation)).Should().Be("filter filter");
    }

    [Fact]
    public async Task A_server_does_not_run_in_the_context_of_who_started_it()
    {
        Ambient.Value.Value = "starter";
        await using GawServer server = new("127.0.0.1", 0);
        await server.Add<Look>().StartAsync(Cancellation);
        Ambient.Value.Value = null;
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        client.Call<string>("look/now").Should().Be(Clean);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("cancel")]
    [InlineData("lost")]
    [InlineData("stop")]
    public async Task A_token_callback_that_throws_is_logged_and_ends_nothing(string reason)
    {
        LogCollector log = new();
        Tally registered = new("callbacks");
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log, DrainTimeout = TimeSpan.FromMilliseconds(200) });
        await server.Add(() => new Throwing(registered)).Add<Look>().StartAsync(Cancellation);
        await using GawClient innocent = new("127.0.0.1", server.LocalEndPoint.Port);
        innocent.Call<string>("look/now").Should().Be(Clean);
        await using RawPeer peer = await RawPeer.ConnectAsync(server.LocalEndPoint.Port);
        await peer.SendFrameAsync(RestartTests.Parallel("5", "throwing/wait").Replace("\"meta\": {}", "\"meta\": {\"timeout_ms\": 100}", StringComparison.Ordinal));
        await registered.WaitForAsync(1);
        switch (reason)
        {
            case "cancel":
                await peer.SendFrameAsync(RestartTests.Parallel("6", "_gaw/cancel").Replace("\"_v\": []", "\"_v\": [5]", StringComparison.Ordinal));
                break;
            case "lost":
                peer.Reset();
                break;
            case "stop":
                innocent.Dispose();
                await server.StopAsync(Cancellation);
                break;
        }

        await Eventually.BecomesTrueAsync(() => log.Entries.Any(static entry => entry.Id.Id == 120 && entry.Text.Contains("from a callback", StringComparison.Ordinal)));
        if (reason != "stop")
        {
            innocent.Call<string>("look/now").Should().Be(Clean);
        }

        log.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("instruments")]
    [InlineData("spans")]
    public void A_listener_that_throws_when_it_is_asked_costs_what_it_was_asked_for_and_nothing_else(string what)
    {
        // A copy of the library, whose instruments do not exist yet.
        System.Runtime.Loader.AssemblyLoadContext apart = new("gaw apart", isCollectible: true);
        int thread = Environment.CurrentManagedThreadId;
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, _) =>
        {
            if (what == "instruments" && Environment.CurrentManagedThreadId == thread && instrument.Meter.Name == GawTelemetry.MeterName)
            {
                throw new InvalidOperationException("foreign");
            }
        };
        Record.Exception(meters.Start);
        bool isAsked = false;
        using ActivityListener spans = new()
        {
            ShouldListenTo = source => isAsked && what == "spans" && Environment.CurrentManagedThreadId == thread && source.Name == GawTelemetry.SourceName ? throw new InvalidOperationException("foreign") : false,
        };
        ActivitySource.AddActivityListener(spans);
        isAsked = true;
        Type instruments = apart.LoadFromAssemblyPath(typeof(GawServer).Assembly.Location).GetType(typeof(Gaw.Telemetry.Instruments).FullName!)!;

        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(instruments.TypeHandle);

        instruments.GetMethod(nameof(Gaw.Telemetry.Instruments.Refused))!.Invoke(null, ["seal"]);
        (instruments.GetProperty(nameof(Gaw.Telemetry.Instruments.Source))!.GetValue(null) is null).Should().Be(what == "spans");
        (instruments.GetProperty(nameof(Gaw.Telemetry.Instruments.ServerDuration))!.GetValue(null) is null).Should().Be(what == "instruments");
        apart.Unload();
    }

    [Fact]
    public async Task An_exception_of_thousands_of_inner_ones_is_answered_and_logged_at_once()
    {
        LogCollector log = new();
        await using GawServer server = new("127.0.0.1", 0, new GawServerOptions { LoggerFactory = log, Traces = TracePolicy.Always });
        await server.Add(static () => new Wrapping()).StartAsync(Cancellation);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        GawRemoteException failure = (await ((Func<Task>)(() => client.CallAsync<int>("wrapping/fail", [50_000], cancellationToken: Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the call did not end")))
            .Should().ThrowAsync<GawRemoteException>()).Which;

        failure.RemoteMessage.Should().Be("outer");
        failure.RemoteTrace.Should().Contain("more than 100 inner exceptions").And.Contain(nameof(Wrapping));
        await Eventually.BecomesTrueAsync(() => log.Text.Contains("more than 100 inner exceptions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_meter_listener_that_throws_keeps_nobody_from_a_refusal()
    {
        using MeterListener listener = new();
        int heard = 0;
        listener.InstrumentPublished = static (instrument, l) =>
        {
            if (instrument.Meter.Name == "Gaw")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            Interlocked.Increment(ref heard);
            throw new InvalidOperationException("from a listener");
        });
        listener.Start();
        await using TestServer server = await TestServer.ServingAsync<Look>();
        await using RawPeer bad = await RawPeer.ConnectAsync(server.Port);
        await bad.SendAsync("abc\n");
        (await bad.ReadFrameAsync()).Should().Contain("The length line of a frame");
        heard.Should().BePositive();

        await using GawClient client = server.Connect();
        client.Call<string>("look/now").Should().Be(Clean);
    }

    [Fact]
    public async Task A_caller_of_ipv4_is_shown_as_one_by_a_server_of_all_addresses()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "The machine has no IPv6.");
        await using GawServer server = new("::", 0);
        await server.Add<Look>().StartAsync(Cancellation);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        client.Call<string>("look/who").Should().StartWith("127.0.0.1:");
    }

    private static string ShowOnNewThread()
    {
        string shown = "";
        Thread thread = new(() => shown = Ambient.Show());
        thread.UnsafeStart();
        thread.Join();
        return shown;
    }

    [Service("wrapping")]
    public sealed class Wrapping
    {
        [Entrypoint]
        public int Fail(int times)
        {
            Exception wrapped = new InvalidOperationException("inner");
            for (int i = 0; i < times; i++)
            {
                wrapped = new InvalidOperationException("outer", wrapped);
            }

            throw wrapped;
        }
    }

    [Service("look")]
    public sealed class Look
    {
        [Entrypoint]
        public static int Context() => RuntimeHelpers.GetHashCode(ExecutionContext.Capture());

        [Entrypoint]
        public static async Task<int> ContextLaterAsync()
        {
            await Task.Yield();
            return Context();
        }

        [Entrypoint]
        public string Now() => Ambient.Show();

        [Entrypoint]
        public string Who(GawCallContext context) => $"{context.RemoteEndPoint}";

        [Entrypoint]
        public async Task<string> LaterAsync()
        {
            await Task.Yield();
            return Ambient.Show();
        }
    }

    [Service("set_when_made")]
    public sealed class SetWhenMade
    {
        public SetWhenMade() => Ambient.Set("factory");

        [Entrypoint]
        public int Run() => 1;
    }

    [Service("ambient")]
    public sealed class Ambient(bool setsWhenMade) : IDisposable
    {
        private bool _setsWhenDisposed = setsWhenMade;

        public static AsyncLocal<string?> Value { get; } = new();

        public static string Show() => string.Create(
            CultureInfo.InvariantCulture,
            $"ambient={Value.Value ?? "-"} principal={Thread.CurrentPrincipal?.Identity?.Name ?? "-"} one and a half={1.5.ToString(CultureInfo.CurrentCulture)} activity={Activity.Current?.OperationName ?? "-"} context={SynchronizationContext.Current?.GetType().Name ?? "-"}");

        public static void Set(string user)
        {
            Value.Value = user;
            Thread.CurrentPrincipal = new GenericPrincipal(new GenericIdentity(user), null);
            CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            _ = new Activity($"work of {user}").Start();
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        }

        [Entrypoint]
        public void Sync(Marked marked) => Set(marked.Name);

        [Entrypoint]
        public Task Task(Marked marked)
        {
            Set(marked.Name);
            return System.Threading.Tasks.Task.CompletedTask;
        }

        [Entrypoint]
        public Task<int> TaskOf(Marked marked)
        {
            Set(marked.Name);
            return System.Threading.Tasks.Task.FromResult(1);
        }

        [Entrypoint]
        public ValueTask ValueTask(Marked marked)
        {
            Set(marked.Name);
            return default;
        }

        [Entrypoint]
        public ValueTask<int> ValueTaskOf(Marked marked)
        {
            Set(marked.Name);
            return new(1);
        }

        [Entrypoint]
        public Task YieldsLater(Marked marked)
        {
            Set(marked.Name);
            return AfterAsync();

            static async Task AfterAsync()
            {
                await System.Threading.Tasks.Task.Yield();
                Set("later");
            }
        }

        [Entrypoint]
        public void Fails(Marked marked)
        {
            Set(marked.Name);
            throw new InvalidOperationException();
        }

        [Entrypoint]
        public static void Static(Marked marked) => Set(marked.Name);

        [Entrypoint]
        public void Suppresses(Marked marked)
        {
            Set(marked.Name);
            ExecutionContext.SuppressFlow();
        }

        [Entrypoint]
        public string Argument(Marked marked) => marked.Name;

        [Entrypoint]
        public void Disposable(Marked marked) => _setsWhenDisposed = marked is not null;

        [Entrypoint]
        public async Task<string> OwnAsync()
        {
            string? before = Value.Value;
            await System.Threading.Tasks.Task.Yield();
            return $"{before} {Value.Value}";
        }

        public void Dispose()
        {
            if (_setsWhenDisposed)
            {
                Set("disposed");
            }
        }
    }

    [Service("throwing")]
    public sealed class Throwing(Tally registered)
    {
        [Entrypoint]
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            TaskCompletionSource cancelled = new();
            await using CancellationTokenRegistration first = cancellationToken.Register(() => cancelled.SetResult());
            await using CancellationTokenRegistration second = cancellationToken.Register(static () => throw new InvalidOperationException("from a callback"));
            registered.Add();
            await cancelled.Task;
        }
    }

    private sealed class SettingFilter : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            if (context.Path.StartsWith("ambient/", StringComparison.Ordinal))
            {
                Ambient.Set("filter");
            }

            return next(context);
        }
    }

    public sealed record Marked(string Name)
    {
        public string Name { get; } = Remember(Name);

        private static string Remember(string name)
        {
            Ambient.Value.Value = name;
            return name;
        }
    }
}
