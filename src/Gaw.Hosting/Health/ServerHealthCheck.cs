using Gaw.Hosting.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gaw.Hosting.Health;

/// <summary>Unhealthy while the server does not listen or the application stops, degraded while calls wait for a place among those that run.</summary>
internal sealed class ServerHealthCheck(IServiceProvider services, string name) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        if (services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.IsCancellationRequested == true)
        {
            return Task.FromResult(new HealthCheckResult(failure, "The application stops."));
        }

        GawServer server;
        try
        {
            server = Find().Resolve(services);
        }
        catch (Exception e) when (e is InvalidOperationException or OptionsValidationException)
        {
            return Task.FromResult(new HealthCheckResult(failure, e.Message));
        }

        return Task.FromResult(
            server.IsStopping ? new HealthCheckResult(failure, "The server stops.")
            : !server.IsListening ? new HealthCheckResult(failure, "The server does not listen yet.")
            : server.QueuedCalls is > 0 and int queued ? HealthCheckResult.Degraded($"{queued} calls wait for a place among the {server.RunningCalls} that run (MaxConcurrentCalls).")
            : HealthCheckResult.Healthy($"Listens on {server.Address}, {server.RunningCalls} calls run."));
    }

    private ServerRegistration Find() => services.GetService<ServerRegistry>()?.Find(name)
        ?? throw new InvalidOperationException(name.Length == 0 ? "There is no Gaw server to check. Call services.AddGawServer() as well." : $"There is no Gaw server \"{name}\" to check. Call services.AddGawServer(\"{name}\") as well.");
}
