using System.Diagnostics.CodeAnalysis;
using Gaw.Hosting.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gaw.Hosting;

/// <summary>Describes a server in a host: its services, its filters, its options.</summary>
public sealed class GawServerBuilder
{
    private readonly ServerRegistration _registration;

    internal GawServerBuilder(IServiceCollection services, ServerRegistration registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>The server's name; empty for the one without.</summary>
    public string Name => _registration.Name;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Serves a class, or an interface with <see cref="ServiceAttribute"/> that is registered. Each call gets its
    /// instance from a scope of its own, which ends once the reply was sent. A class that is not
    /// registered is registered as scoped; one that is registered as a singleton serves all calls and is not disposed by them.
    /// </summary>
    /// <typeparam name="T">The class, or the interface.</typeparam>
    public GawServerBuilder AddService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>()
        where T : class => AddService<T>(static server => server.Add(Resolve<T>, dispose: false));

    /// <summary>Serves a class or an interface under a name of its own, as <see cref="AddService{T}()"/> does.</summary>
    /// <typeparam name="T">The class, or the interface.</typeparam>
    /// <param name="serviceName">The service's name, as callers write it.</param>
    public GawServerBuilder AddService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string serviceName)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceName);
        return AddService<T>(server => server.AddNamed(serviceName, Resolve<T>, dispose: false));
    }

    /// <summary>
    /// Runs a filter around each call, the first one added outermost. It is found in the call's scope, so that it
    /// shares the scope's services with the method; a class that is not registered is registered as
    /// scoped.
    /// </summary>
    /// <typeparam name="T">The filter.</typeparam>
    public GawServerBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IGawFilter
    {
        Services.TryAddScoped<T>();
        _registration.Filters.Add(GawFilter.ForCall(Resolve<T>));
        _registration.Resolvable.Add(typeof(T));
        return this;
    }

    /// <summary>Sets options that settings cannot hold: TLS, types, a secret from a vault. Runs once, after the settings were read, in the order of the calls.</summary>
    /// <param name="configure">Gets the host's services and the options, and gives the options that are used.</param>
    public GawServerBuilder ConfigureOptions(Func<IServiceProvider, GawServerOptions, GawServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _registration.Steps.Add(configure);
        return this;
    }

    /// <summary>
    /// Serves at these addresses in place of <see cref="GawServerSettings.Host"/> and
    /// <see cref="GawServerSettings.Port"/>, at all of them at once: <c>0.0.0.0:5555</c>, once at most, and engines between servers and
    /// callers, <c>nats://10.0.0.9:4222</c>, each with the package of its carrier. May be called again.
    /// </summary>
    /// <param name="addresses">The addresses.</param>
    public GawServerBuilder Listen(params string[] addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        foreach (string address in addresses)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(address, nameof(addresses));
            _registration.Addresses.Add(_ => address);
        }

        return this;
    }

    /// <summary>
    /// Serves on NATS: <c>Listen("nats://…")</c> with the address of <c>ConnectionStrings:nats</c>. Needs the package
    /// <c>Gaw.Nats</c>. Together with TCP: <c>Listen("0.0.0.0:5555").UseNats()</c>. What NATS's own
    /// client is told beyond the address stands in <c>ConfigureOptions((_, options) => options.UseNats(nats => nats with { … }))</c>.
    /// </summary>
    /// <param name="address">The address, in place of the one in the configuration.</param>
    public GawServerBuilder UseNats(string? address = null)
    {
        if (address is not null)
        {
            return Listen(address);
        }

        _registration.Addresses.Add(static services => services.GetService<IConfiguration>()?.GetConnectionString("nats") is { Length: > 0 } configured
            ? configured
            : throw new ArgumentException("UseNats() has no address. Set ConnectionStrings:nats, for example to \"nats://10.0.0.9:4222\", or give UseNats the address."));
        return this;
    }

    private GawServerBuilder AddService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(Action<GawServer> add)
        where T : class
    {
        if (!typeof(T).IsAbstract)
        {
            Services.TryAddScoped<T>();
        }

        _registration.Additions.Add(add);
        _registration.Resolvable.Add(typeof(T));
        return this;
    }

    private static T Resolve<T>(GawCallContext context)
        where T : class => context.Services!.GetRequiredService<T>();
}
