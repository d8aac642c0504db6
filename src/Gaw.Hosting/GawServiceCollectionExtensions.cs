using System.Diagnostics.CodeAnalysis;
using Gaw;
using Gaw.Hosting;
using Gaw.Hosting.Clients;
using Gaw.Hosting.Servers;
using Gaw.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Gaw's servers and clients to a host.</summary>
public static class GawServiceCollectionExtensions
{
    private const string TwoOptional = "RS0026:Do not add multiple public overloads with optional parameters";
    private const string FirstTells = "The first parameters tell them apart.";

    /// <summary>
    /// Adds a server that runs with the host: it listens once all hosted services have started, and drains before they
    /// stop. Its settings are the section <c>Gaw:Server</c>. The <see cref="GawServer"/> itself
    /// is a service, too, for its <see cref="GawServer.LocalEndPoint"/>.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Settings in code, after those of the configuration.</param>
    [SuppressMessage("ApiDesign", TwoOptional, Justification = FirstTells)]
    public static GawServerBuilder AddGawServer(this IServiceCollection services, Action<GawServerSettings>? configure = null) => Add(services, "", configure);

    /// <summary>Adds a further server, by name: its settings are the section <c>Gaw:Servers:NAME</c>, and its <see cref="GawServer"/> is a keyed service.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The server's name.</param>
    /// <param name="configure">Settings in code, after those of the configuration.</param>
    [SuppressMessage("ApiDesign", TwoOptional, Justification = FirstTells)]
    public static GawServerBuilder AddGawServer(this IServiceCollection services, string name, Action<GawServerSettings>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name, configure);
    }

    /// <summary>
    /// Adds a client by name, for <c>dynamic</c> calls and those by path: a keyed <see cref="GawClient"/>, one for
    /// the whole process. Its address is <c>ConnectionStrings:NAME</c>, or <c>Address</c> in
    /// <c>Gaw:Clients:NAME</c>, where its other settings are.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="configure">Settings in code, after those of the configuration; once for a name.</param>
    /// <exception cref="InvalidOperationException">The client's settings were given in code before.</exception>
    public static GawClientBuilder AddGawClient(this IServiceCollection services, string name, Action<GawClientSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ClientRegistry registry = services.GetOrAdd<ClientRegistry>();
        ClientRegistration registration = registry.GetOrAdd(name, out bool isNew);
        OptionsBuilder<GawClientSettings> options = services.AddOptions<GawClientSettings>(name);
        if (isNew)
        {
            options.BindAtStart((settings, configuration) => ClientSettings.Bind(settings, configuration, name));
            services.AddSingleton<IValidateOptions<GawClientSettings>>(provider => new ClientSettingsValidator(name, needsAddress: provider.GetService<ClientFactory>() is null));
            services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GawClientsService>());
        }

        if (configure is not null)
        {
            registration.IsConfigured = !registration.IsConfigured
                ? true
                : throw new InvalidOperationException($"The settings of the Gaw client \"{name}\" are given twice. Several interfaces share one client of a name: give its settings once.");
            options.Configure(configure);
        }

        return new GawClientBuilder(services, registration);
    }

    /// <summary>
    /// Adds a client by name and an interface that is called by it, as a singleton, keyed by the name and unkeyed.
    /// Several interfaces of one name share the client and its connection; where one interface is
    /// called by several clients, it is asked for by key.
    /// </summary>
    /// <typeparam name="T">An interface with <see cref="ServiceAttribute"/>.</typeparam>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="configure">Settings in code, after those of the configuration; once for a name.</param>
    /// <exception cref="InvalidOperationException">The client's settings were given in code before.</exception>
    public static GawClientBuilder AddGawClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(this IServiceCollection services, string name, Action<GawClientSettings>? configure = null)
        where T : class
    {
        GawClientBuilder builder = services.AddGawClient(name, configure);
        ClientRegistry registry = services.GetOrAdd<ClientRegistry>();
        if (registry.TryAdd(typeof(T), name))
        {
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<GawClient>(key).For<T>());
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<T>(registry.FindOnly(typeof(T))));
        }

        return builder;
    }

    /// <summary>
    /// Makes every client of the host in another way, for tests:
    /// <c>services.UseGawClientFactory((name, options) =&gt; host.Connect(options))</c> with a <c>GawTestHost</c> of the package <c>Gaw.Testing</c>. The
    /// last factory given is used; addresses are not needed then.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="create">Gets the client's name and its options, and makes the client. It is disposed with the host.</param>
    public static IServiceCollection UseGawClientFactory(this IServiceCollection services, Func<string, GawClientOptions, GawClient> create)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        return services.AddSingleton(new ClientFactory(create));
    }

    /// <summary>The instance that calls on the same collection share.</summary>
    internal static T GetOrAdd<T>(this IServiceCollection services)
        where T : class, new()
    {
        if (services.FirstOrDefault(static descriptor => descriptor.ServiceType == typeof(T) && !descriptor.IsKeyedService)?.ImplementationInstance is T known)
        {
            return known;
        }

        T added = new();
        services.AddSingleton(added);
        return added;
    }

    /// <summary>Reads settings from the configuration, where the host has one, and says what is wrong with them when it starts.</summary>
    private static void BindAtStart<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this OptionsBuilder<T> options, Action<T, IConfiguration> bind)
        where T : class =>
        options.Configure<IServiceProvider>((settings, provider) =>
        {
            if (provider.GetService<IConfiguration>() is { } configuration)
            {
                bind(settings, configuration);
            }
        }).ValidateOnStart();

    private static GawServerBuilder Add(IServiceCollection services, string name, Action<GawServerSettings>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ServerRegistration registration = services.GetOrAdd<ServerRegistry>().GetOrAdd(name, out bool isNew);
        OptionsBuilder<GawServerSettings> options = services.AddOptions<GawServerSettings>(name);
        if (isNew)
        {
            options.BindAtStart((settings, configuration) => ServerSettings.Bind(settings, configuration, name));
            services.AddSingleton<IValidateOptions<GawServerSettings>>(new ServerSettingsValidator(name));
            if (name.Length == 0)
            {
                services.AddSingleton(registration.Create);
            }
            else
            {
                services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
            }

            services.AddSingleton<IHostedService>(provider => new GawServerService(provider, registration));
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        return new GawServerBuilder(services, registration);
    }
}
