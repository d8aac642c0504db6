using Gaw.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gaw.Hosting.Servers;

/// <summary>
/// Runs a server with its host: it listens once everything else has started, and drains before anything else stops, so that a call in flight still finds the services that it needs.
/// </summary>
internal sealed class GawServerService(IServiceProvider services, ServerRegistration registration) : HostedSteps, IDisposable
{
    private readonly ILogger _logger = ServerRegistration.CreateLogger(services);
    private GawServer? _server;
    private IDisposable? _watch;

    /// <inheritdoc/>
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Not injected: the host makes its hosted services before it validates the settings, and all wrong settings are to be told at once.
        _server = registration.Resolve(services);
        await registration.CheckAsync(services).ConfigureAwait(false);
        GawServerSettings settings = services.GetRequiredService<IOptionsMonitor<GawServerSettings>>().Get(registration.Name);
        foreach (string unknown in settings.Section.Unknown)
        {
            _logger.UnknownSetting(unknown);
        }

        _watch = WatchSettings(services.GetService<IConfiguration>()?.GetSection(ServerSettings.SectionOf(registration.Name)));
    }

    /// <inheritdoc/>
    public override Task StartedAsync(CancellationToken cancellationToken) => _server!.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task StoppingAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();

    /// <summary>A server keeps the settings that it has started with; a change is logged.</summary>
    private IDisposable? WatchSettings(IConfigurationSection? section)
    {
        if (section is null)
        {
            return null;
        }

        // Kept as they are and never shown: one of them may be the secret.
        KeyValuePair<string, string?>[] before = [.. section.AsEnumerable()];
        return ChangeToken.OnChange(section.GetReloadToken, () =>
        {
            KeyValuePair<string, string?>[] now = [.. section.AsEnumerable()];
            if (!now.SequenceEqual(before))
            {
                before = now;
                _logger.SettingsChanged(section.Path);
            }
        });
    }
}
