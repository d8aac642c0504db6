using Gaw;
using Gaw.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of Gaw's servers and clients.</summary>
public static class GawHealthChecksBuilderExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds a check of the server: unhealthy while it does not listen and from the moment when the application begins to stop, degraded while calls wait for a place among
    /// <c>MaxConcurrentCalls</c>. Its name is <c>gaw</c>, or <c>gaw-server:NAME</c>.
    /// </summary>
    /// <param name="builder">The health checks of the host.</param>
    /// <param name="name">The server's name; <see langword="null"/> for the one without.</param>
    /// <param name="failureStatus">The status of a failure. Default: unhealthy.</param>
    /// <param name="tags">Default: <c>ready</c>.</param>
    public static IHealthChecksBuilder AddGawServer(this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name is null ? "gaw" : $"gaw-server:{name}", services => new ServerHealthCheck(services, name ?? ""), failureStatus, tags ?? ["ready"]));
    }

    /// <summary>Adds a check that asks the server of a client whether it answers. Its name is <c>gaw:NAME</c>.</summary>
    /// <param name="builder">The health checks of the host.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="failureStatus">The status of a failure. Default: unhealthy.</param>
    /// <param name="tags">Default: <c>ready</c>.</param>
    /// <param name="timeout">How long the server may take. Default: 2 seconds.</param>
    public static IHealthChecksBuilder AddGawClient(this IHealthChecksBuilder builder, string name, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.Add(new HealthCheckRegistration($"gaw:{name}", services => new ClientHealthCheck(() => services.GetRequiredKeyedService<GawClient>(name), timeout ?? DefaultTimeout), failureStatus, tags ?? ["ready"]));
    }
}
