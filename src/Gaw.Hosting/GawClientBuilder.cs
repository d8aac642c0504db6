using Gaw.Hosting.Clients;
using Gaw.Hosting.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Gaw.Hosting;

/// <summary>Says how a client in a host calls.</summary>
public sealed class GawClientBuilder
{
    private readonly ClientRegistration _registration;

    internal GawClientBuilder(IServiceCollection services, ClientRegistration registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>The client's name.</summary>
    public string Name => _registration.Name;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// A call that is made while a server of this host serves another goes on with that one: it takes no longer than its
    /// caller waits, and is cancelled with it. A call outside of one, and code that outlives its
    /// call, have the client's own time.
    /// </summary>
    public GawClientBuilder PropagateCall()
    {
        Services.GetOrAdd<ClientRegistry>().PropagatesCalls = true;
        return ConfigureOptions(static (_, options) => options with { ServedCall = static () => AmbientCall.Current });
    }

    /// <summary>Sets options that settings cannot hold: TLS, types, filters, a secret from a vault. Runs once, after the settings were read, in the order of the calls.</summary>
    /// <param name="configure">Gets the host's services and the options, and gives the options that are used.</param>
    public GawClientBuilder ConfigureOptions(Func<IServiceProvider, GawClientOptions, GawClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _registration.Steps.Add(configure);
        return this;
    }
}
