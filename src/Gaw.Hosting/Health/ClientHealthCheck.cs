using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gaw.Hosting.Health;

/// <summary>Asks the server whether it answers. Whatever it answers is a reply: a Python server knows no <c>_gaw/ping</c> and says so.</summary>
internal sealed class ClientHealthCheck(Func<GawClient> find, TimeSpan timeout) : IHealthCheck
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The reply is a text, which needs no members of user types.")]
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        GawClient client = find();
        try
        {
            await client.CallAsync<string>("_gaw/ping", cancellationToken: cancellationToken, options: new CallOptions { Timeout = timeout, Idempotent = true }).ConfigureAwait(false);
        }
        catch (GawRemoteException)
        {
            // The server was reached and speaks.
        }
        catch (Exception e) when (e is GawException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"{client.EndPoint}: {e.Message}", e);
        }

        return HealthCheckResult.Healthy($"{client.EndPoint} answers.");
    }
}
