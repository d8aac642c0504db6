using Gaw.Hosting.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting.Tests;

/// <summary>A stop lets the calls in flight end while all that they need is still up.</summary>
public sealed class StopTests
{
    [Service("desk")]
    public interface IDesk
    {
        Task<string> AskAsync(CancellationToken cancellationToken);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_in_flight_still_reaches_the_worker_that_stops_later(bool concurrently)
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Gate gate = new();
        builder.Services.Configure<HostOptions>(options => options.ServicesStopConcurrently = concurrently);
        builder.Services.AddSingleton(gate).AddSingleton<Worker>().AddHostedService(static services => services.GetRequiredService<Worker>());
        builder.Services.AddGawServer().AddService<Desk>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect();
        Task<string>[] calls = [.. Enumerable.Range(0, 20).Select(_ => client.CallAsync<string>("desk/ask", cancellationToken: Cancellation))];
        await gate.Entered.WaitForAsync(20);

        Task stopping = host.StopAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => host.Services.GetRequiredService<GawServer>().IsStopping);
        gate.Open.SetResult();

        (await Task.WhenAll(calls)).Should().OnlyContain(static answer => answer == "the worker works");
        await stopping.WithinAsync(TestTimeouts.Limit, static () => "the host did not stop");
    }

    [Fact]
    public async Task Under_load_no_call_fails_that_the_server_has_taken()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Gate gate = new();
        gate.Open.SetResult();
        builder.Services.AddSingleton(gate).AddSingleton<Worker>().AddHostedService(static services => services.GetRequiredService<Worker>());
        builder.Services.AddGawServer().AddService<Desk>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect(new GawClientOptions { Retries = 0, CallTimeout = TimeSpan.FromSeconds(20) });
        int answered = 0;
        Task[] callers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(CallUntilStoppedAsync))];
        await gate.Entered.WaitForAsync(500);

        await host.EndAsync();

        await Task.WhenAll(callers).WithinAsync(TestTimeouts.Limit, static () => "a caller did not end");
        gate.Entered.Value.Should().Be(answered, "each call that began was answered");

        async Task CallUntilStoppedAsync()
        {
            while (true)
            {
                try
                {
                    (await client.CallAsync<string>("desk/ask", cancellationToken: Cancellation)).Should().Be("the worker works");
                    Interlocked.Increment(ref answered);
                }
                catch (GawConnectionException e)
                {
                    e.Execution.Should().Be(CallExecution.NotRun);
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task The_hosts_own_time_out_cuts_what_does_not_end()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:DrainTimeout".Is("01:00:00")]);
        Gate gate = new();
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.Services.AddSingleton(gate).AddSingleton<Worker>();
        builder.Services.AddGawServer().AddService<Desk>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect(new GawClientOptions { Retries = 0 });
        Task<string> call = client.CallAsync<string>("desk/ask", cancellationToken: Cancellation);
        await gate.Entered.WaitForAsync(1);

        await Record.ExceptionAsync(host.EndAsync);

        (await FluentActions.Awaiting(() => call).Should().ThrowAsync<GawConnectionException>()).Which.Execution.Should().Be(CallExecution.Unknown);
        gate.Open.SetResult();
    }

    [Theory]
    [InlineData("twice")]
    [InlineData("cancelled before")]
    [InlineData("never started")]
    public async Task A_stop_ends_however_it_is_asked_for(string how)
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddSingleton<Gate>().AddSingleton<Worker>();
        builder.Services.AddGawServer().AddService<Desk>();
        using IHost host = builder.Build();
        if (how != "never started")
        {
            await host.StartAsync(Cancellation);
        }

        using CancellationTokenSource cancelled = new();
        if (how == "cancelled before")
        {
            await cancelled.CancelAsync();
        }

        await Record.ExceptionAsync(() => host.StopAsync(cancelled.Token).WithinAsync(TestTimeouts.Limit, static () => "the host did not stop"));
        if (how == "twice")
        {
            await host.EndAsync();
        }

        if (how != "never started")
        {
            host.Services.GetRequiredService<GawServer>().IsListening.Should().BeFalse();
        }
    }

    [Fact]
    public async Task A_stop_during_the_start_ends_the_host_and_no_port_is_left_open()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        Gate gate = new();
        builder.Services.AddSingleton(gate).AddSingleton<Worker>().AddHostedService<SlowStarter>();
        builder.Services.AddGawServer().AddService<Desk>();
        using IHost host = builder.Build();
        Task starting = host.StartAsync(Cancellation);
        await gate.Entered.WaitForAsync(1);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await Record.ExceptionAsync(() => starting.WithinAsync(TestTimeouts.Limit, static () => "the start did not end"));
        await host.EndAsync();

        GawServer server = host.Services.GetRequiredService<GawServer>();
        server.IsListening.Should().BeFalse();
        await FluentActions.Awaiting(() => server.StartAsync(Cancellation)).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task A_call_that_waits_for_an_absent_server_ends_with_the_host_and_has_not_run()
    {
        using DeadServer absent = DeadServer.Refusing();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:absent".Is($"127.0.0.1:{absent.Port}"), "Gaw:Clients:absent:ConnectTimeout".Is("01:00:00")]);
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddGawClient<IDesk>("absent");
        builder.Services.AddHostedService<Caller>();
        IHost host = await builder.StartAsync();
        Caller caller = host.Services.GetServices<IHostedService>().OfType<Caller>().Single();
        await host.Services.GetRequiredService<Gate>().Entered.WaitForAsync(1);

        // As SIGTERM does: the host's services stop, and the call hears its own token.
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await host.EndAsync();
        host.Dispose();

        (await caller.Ended.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().BeAssignableTo<OperationCanceledException>();
    }

    [Fact]
    public async Task A_call_without_a_token_ends_when_the_hosts_services_are_disposed()
    {
        using DeadServer absent = DeadServer.Refusing();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:absent".Is($"127.0.0.1:{absent.Port}"), "Gaw:Clients:absent:ConnectTimeout".Is("01:00:00")]);
        builder.Services.AddGawClient<IDesk>("absent");
        IHost host = await builder.StartAsync();
        Task<string> call = host.Services.GetRequiredService<IDesk>().AskAsync(CancellationToken.None);
        call.IsCompleted.Should().BeFalse();

        await host.EndAsync();
        host.Dispose();

        Exception? ended = await Record.ExceptionAsync(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end"));
        (ended is ObjectDisposedException or GawConnectionException { Execution: CallExecution.NotRun }).Should().BeTrue("before the first attempt has failed there is nothing to tell but the end of the client: {0}", ended);
    }

    [Fact]
    public async Task Health_turns_bad_when_the_application_begins_to_stop_before_the_port_closes()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddSingleton<Gate>().AddSingleton<Worker>();
        builder.Services.AddGawServer().AddService<Desk>();
        builder.Services.AddHealthChecks().AddGawServer();
        using IHost host = await builder.StartAsync();
        GawServer server = host.Services.GetRequiredService<GawServer>();
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        (await checks.CheckHealthAsync(Cancellation)).Status.Should().Be(HealthStatus.Healthy);
        TaskCompletionSource<(HealthReport, bool)> seen = new();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => seen.SetResult((checks.CheckHealthAsync(Cancellation).GetAwaiter().GetResult(), server.IsListening)));

        // As Ctrl+C and SIGTERM do.
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await host.EndAsync();

        (HealthReport report, bool listens) = await seen.Task;
        report.Status.Should().Be(HealthStatus.Unhealthy);
        report.Entries["gaw"].Description.Should().Be("The application stops.");
        listens.Should().BeTrue();
    }

    /// <summary>Keeps the host from having started.</summary>
    public sealed class SlowStarter(Gate gate) : BackgroundService
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            gate.Entered.Add();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    /// <summary>Calls with the token of its own stop.</summary>
    public sealed class Caller(IDesk desk, Gate gate) : BackgroundService
    {
        private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Exception?> Ended => _ended.Task;

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Task<string> call = desk.AskAsync(stoppingToken);
            gate.Entered.Add();
            _ended.SetResult(await Record.ExceptionAsync(() => call));
        }
    }

    public sealed class Gate
    {
        public Tally Entered { get; } = new("calls that began");

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What calls need until they end.</summary>
    public sealed class Worker : IHostedService
    {
        private volatile bool _works = true;

        public string Ask() => _works ? "the worker works" : "the worker has stopped";

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _works = false;
            return Task.CompletedTask;
        }
    }

    public sealed class Desk(Worker worker, Gate gate)
    {
        [Entrypoint]
        public async Task<string> AskAsync()
        {
            gate.Entered.Add();
            await gate.Open.Task;
            return worker.Ask();
        }
    }
}
