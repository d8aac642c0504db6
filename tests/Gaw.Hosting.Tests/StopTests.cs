using Gaw.Hosting.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting.Tests;

/// <summary>A stop lets the calls in flight end while all that they need is still up.</summary>
public sealed class StopTests
{
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
