using Gaw.Hosting.Clients;
using Gaw.Hosting.Health;
using Gaw.Hosting.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gaw.Hosting.Servers;

/// <summary>One server as it was described while the host was built, and how it is made.</summary>
internal sealed class ServerRegistration(string name)
{
    public string Name => name;

    public List<Action<GawServer>> Additions { get; } = [];

    /// <summary>The types that calls will ask their scope for.</summary>
    public List<Type> Resolvable { get; } = [];

    /// <summary>Where the server listens; none: at the settings' host and port.</summary>
    public List<Func<IServiceProvider, string>> Addresses { get; } = [];

    public List<Func<IGawFilter>> Filters { get; } = [];

    public List<Func<IServiceProvider, GawServerOptions, GawServerOptions>> Steps { get; } = [];

    /// <summary>For messages: <c>The Gaw server "internal"</c>.</summary>
    public string Display => name.Length == 0 ? "The Gaw server" : $"The Gaw server \"{name}\"";

    /// <summary>The server in the host's services.</summary>
    public GawServer Resolve(IServiceProvider services) =>
        name.Length == 0 ? services.GetRequiredService<GawServer>() : services.GetRequiredKeyedService<GawServer>(name);

    /// <summary>Makes the server; it does not listen yet.</summary>
    /// <exception cref="OptionsValidationException">The settings are wrong; says all that is.</exception>
    /// <exception cref="InvalidOperationException">A class cannot be a service, or the options contradict each other; says all that is wrong.</exception>
    public GawServer Create(IServiceProvider services)
    {
        GawServerSettings settings = services.GetRequiredService<IOptionsMonitor<GawServerSettings>>().Get(name);
        IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
        GawServerOptions options = ServerSettings.Read(settings).Options with
        {
            LoggerFactory = LoggersOf(services),
            TimeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System,
            Scopes = () => new ProviderScope(scopes.CreateAsyncScope()),
            Filters = services.GetService<ClientRegistry>() is { PropagatesCalls: true } ? [static () => AmbientCall.Filter, .. Filters] : [.. Filters],
            Health = cancellationToken => HealthReporting.ReportAsync(services.GetService<HealthCheckService>(), cancellationToken),
        };
        foreach (Func<IServiceProvider, GawServerOptions, GawServerOptions> step in Steps)
        {
            options = step(services, options) ?? throw new InvalidOperationException($"{Display}: a step given to ConfigureOptions returned null in place of the options.");
        }

        List<string> problems = [];
        GawServer? server = null;
        try
        {
            server = Addresses.Count == 0
                ? new GawServer(settings.Host, settings.Port, options)
                : new GawServer(string.Join(',', Addresses.Select(address => address(services))), options);
        }
        catch (ArgumentException e)
        {
            problems.Add(OptionsReader.WithoutParameter(e));
        }

        // Where the options are refused the classes are still looked at: all that is wrong is said at once.
        GawServer target = server ?? new GawServer("127.0.0.1", 0, new GawServerOptions { Types = options.Types });
        foreach (Action<GawServer> add in Additions)
        {
            try
            {
                add(target);
            }
            catch (ArgumentException e)
            {
                problems.Add(OptionsReader.WithoutParameter(e));
            }
        }

        return problems.Count == 0 ? target : throw CannotStart(problems);
    }

    /// <summary>Asks for each service once, as a call would, so that one that cannot be made is known at the start.</summary>
    /// <exception cref="InvalidOperationException">A service cannot be made; says which, and all of them.</exception>
    public async Task CheckAsync(IServiceProvider services)
    {
        List<string> problems = [];
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        foreach (Type type in Resolvable.Distinct())
        {
            try
            {
                scope.ServiceProvider.GetRequiredService(type);
            }
            catch (Exception e)
            {
                // A constructor of the user's may throw anything.
                problems.Add($"{type.FullName} cannot be made for a call: {e.Message}");
            }
        }

        if (problems.Count > 0)
        {
            throw CannotStart(problems);
        }
    }

    /// <summary>Where the package logs for this server.</summary>
    public static ILogger CreateLogger(IServiceProvider services) => LoggersOf(services).CreateLogger("Gaw.Hosting");

    private static ILoggerFactory LoggersOf(IServiceProvider services) => services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

    private InvalidOperationException CannotStart(List<string> problems) =>
        new($"{Display} cannot start: {(problems.Count == 1 ? problems[0] : string.Concat(problems.Select(static problem => $"{Environment.NewLine}- {problem}")))}");

    /// <summary>The scope of a call as the container knows it.</summary>
    private sealed class ProviderScope(AsyncServiceScope scope) : IGawCallScope
    {
        private readonly AsyncServiceScope _scope = scope;

        public IServiceProvider Services => _scope.ServiceProvider;

        public ValueTask DisposeAsync() => _scope.DisposeAsync();
    }
}
