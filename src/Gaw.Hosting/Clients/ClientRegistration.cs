using Gaw.Hosting.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gaw.Hosting.Clients;

/// <summary>One client as it was described while the host was built, and how it is made.</summary>
internal sealed class ClientRegistration(string name)
{
    public string Name => name;

    public List<Func<IServiceProvider, GawClientOptions, GawClientOptions>> Steps { get; } = [];

    /// <summary>Settings were given in code, once.</summary>
    public bool IsConfigured { get; set; }

    /// <summary>Makes the client; it connects with its first call.</summary>
    /// <exception cref="OptionsValidationException">The settings are wrong; says all that is.</exception>
    /// <exception cref="InvalidOperationException">The options contradict each other.</exception>
    public GawClient Create(IServiceProvider services)
    {
        GawClientSettings settings = services.GetRequiredService<IOptionsMonitor<GawClientSettings>>().Get(name);
        GawClientOptions options = ClientSettings.Read(settings, name, needsAddress: false).Options with
        {
            LoggerFactory = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            TimeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System,
        };
        foreach (Func<IServiceProvider, GawClientOptions, GawClientOptions> step in Steps)
        {
            options = step(services, options) ?? throw new InvalidOperationException($"The Gaw client \"{name}\": a step given to ConfigureOptions returned null in place of the options.");
        }

        try
        {
            return services.GetService<ClientFactory>() is { } factory
                ? factory.Create(name, options) ?? throw new InvalidOperationException($"The Gaw client \"{name}\": the factory given to UseGawClientFactory returned null in place of a client.")
                : new GawClient(ClientSettings.AddressOf(settings), options);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"The Gaw client \"{name}\" cannot be made: {OptionsReader.WithoutParameter(e)}", e);
        }
    }
}
