using System.Net;
using System.Net.Sockets;
using Gaw.Hosting.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gaw.Hosting.Tests;

/// <summary>One truth about a process: for the host's own checks, for a probe from outside and for whoever asks the server.</summary>
public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HealthStatus.Healthy, "ok")]
    [InlineData(HealthStatus.Degraded, "degraded")]
    [InlineData(HealthStatus.Unhealthy, "unhealthy")]
    public async Task A_server_tells_the_hosts_own_report(HealthStatus status, string expected)
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddGawServer().AddService<Slow>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddHealthChecks().AddGawServer().AddCheck("disk", () => new HealthCheckResult(status, "half full", new IOException("a path that is nobody's business")));
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect();

        Dictionary<string, object?> health = await client.CallAsync<Dictionary<string, object?>>("_gaw/health", cancellationToken: Cancellation);

        health["status"].Should().Be(expected);
        health["checks"].Should().BeAssignableTo<IDictionary<string, object?>>().Which["disk"].Should().Be($"{expected}: half full");
        $"{string.Join(' ', health)}".Should().NotContain("nobody's business");
        await host.EndAsync();
    }

    [Fact]
    public async Task A_server_is_degraded_while_calls_wait_for_a_place()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:MaxConcurrentCalls".Is("1")]);
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddGawServer().AddService<Slow>();
        builder.Services.AddHealthChecks().AddGawServer();
        using IHost host = await builder.StartAsync();
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        GawServer server = host.Services.GetRequiredService<GawServer>();
        await using GawClient client = host.Connect();
        Task[] calls = [client.CallAsync<int>("slow/wait", cancellationToken: Cancellation), client.CallAsync<int>("slow/wait", cancellationToken: Cancellation)];
        await Eventually.BecomesTrueAsync(() => server.QueuedCalls == 1);

        HealthReportEntry entry = (await checks.CheckHealthAsync(Cancellation)).Entries["gaw"];

        entry.Status.Should().Be(HealthStatus.Degraded);
        entry.Description.Should().Contain("1 calls wait for a place");
        entry.Tags.Should().Contain("ready");
        host.Services.GetRequiredService<Gate>().Open.SetResult();
        await Task.WhenAll(calls);
        await host.EndAsync();
    }

    [Fact]
    public async Task A_client_is_healthy_where_its_server_answers_and_a_refusal_is_an_answer()
    {
        HostApplicationBuilder serving = TestHost.CreateBuilder(["Gaw:Server:SelfDescription".Is("Never")]);
        serving.Services.AddSingleton<Gate>();
        serving.Services.AddGawServer().AddService<Slow>();
        using IHost server = await serving.StartAsync();
        HostApplicationBuilder calling = TestHost.CreateBuilder(["ConnectionStrings:slow".Is($"{server.Services.GetRequiredService<GawServer>().LocalEndPoint}"), "ConnectionStrings:none".Is("127.0.0.1:1")]);
        calling.Services.AddGawClient("slow");
        calling.Services.AddGawClient("none").ConfigureOptions(static (_, options) => options with { Retries = 0 });
        calling.Services.AddHealthChecks().AddGawClient("slow").AddGawClient("none", HealthStatus.Degraded);
        using IHost host = await calling.StartAsync();

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

        report.Entries["gaw:slow"].Status.Should().Be(HealthStatus.Healthy, "a server that knows no _gaw/ping, as a Python one, has answered");
        report.Entries["gaw:none"].Status.Should().Be(HealthStatus.Degraded);
        report.Entries["gaw:none"].Description.Should().Contain("127.0.0.1:1");
        await host.EndAsync();
        await server.EndAsync();
    }

    [Fact]
    public async Task A_client_whose_server_accepts_and_never_answers_is_unhealthy_in_time()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:silent".Is($"{silent.LocalEndpoint}")]);
        builder.Services.AddGawClient("silent");
        builder.Services.AddHealthChecks().AddGawClient("silent", timeout: TimeSpan.FromMilliseconds(200));
        using IHost host = await builder.StartAsync();

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the check did not end");

        report.Entries["gaw:silent"].Status.Should().Be(HealthStatus.Unhealthy);
        await host.EndAsync();
    }

    [Fact]
    public async Task A_check_of_a_server_that_is_not_there_says_what_to_add()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddHealthChecks().AddGawServer();
        using IHost host = builder.Build();

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

        report.Status.Should().Be(HealthStatus.Unhealthy);
        report.Entries["gaw"].Description.Should().Contain("Call services.AddGawServer() as well.");
    }

    public sealed class Gate
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Slow(Gate gate)
    {
        [Entrypoint]
        public async Task<int> WaitAsync()
        {
            await gate.Open.Task;
            return 1;
        }
    }
}
