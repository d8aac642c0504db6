using Microsoft.Extensions.DependencyInjection;

namespace Gaw.Hosting.Clients;

/// <summary>Makes every client and its interfaces when the host starts, so that their problems are known before the first call. Nothing connects yet.</summary>
internal sealed class GawClientsService(IServiceProvider services, ClientRegistry registry) : HostedSteps
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A client cannot be made, or an interface cannot be called; says all that is wrong.</exception>
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        List<string> problems = [];
        HashSet<string> broken = [];
        foreach (string name in registry.Names)
        {
            if (!TryGet(() => services.GetRequiredKeyedService<GawClient>(name), problems))
            {
                broken.Add(name);
            }
        }

        foreach ((Type contract, string name) in registry.Contracts)
        {
            if (!broken.Contains(name))
            {
                TryGet(() => services.GetRequiredKeyedService(contract, name), problems);
            }
        }

        return problems.Count == 0 ? Task.CompletedTask : throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }

    private static bool TryGet(Func<object> get, List<string> problems)
    {
        try
        {
            get();
            return true;
        }
        catch (Exception e)
        {
            // A step in code, or a factory, may throw anything.
            problems.Add(e.Message);
            return false;
        }
    }
}
