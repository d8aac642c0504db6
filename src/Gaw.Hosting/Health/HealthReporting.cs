using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gaw.Hosting.Health;

/// <summary>The host's own health report as a server tells it.</summary>
internal static class HealthReporting
{
    /// <summary>The report; a healthy one without checks where the host has none.</summary>
    public static async ValueTask<GawHealth> ReportAsync(HealthCheckService? checks, CancellationToken cancellationToken)
    {
        if (checks is null)
        {
            return new GawHealth(GawHealthStatus.Ok);
        }

        HealthReport report = await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        return new GawHealth(Of(report.Status))
        {
            // Not the exceptions: a report goes to every caller, and a trace is not for everybody.
            Checks = report.Entries.ToDictionary(static entry => entry.Key, static entry => Describe(entry.Value), StringComparer.Ordinal),
        };
    }

    private static string Describe(HealthReportEntry entry) => string.IsNullOrEmpty(entry.Description) ? Of(entry.Status).ToString().ToLowerInvariant() : $"{Of(entry.Status).ToString().ToLowerInvariant()}: {entry.Description}";

    private static GawHealthStatus Of(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => GawHealthStatus.Ok,
        HealthStatus.Degraded => GawHealthStatus.Degraded,
        _ => GawHealthStatus.Unhealthy,
    };
}
