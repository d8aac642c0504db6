using Microsoft.Extensions.Configuration;

namespace Gaw.Hosting.Settings;

/// <summary>From configuration to a server's options.</summary>
internal static class ServerSettings
{
    /// <summary>Each setting with the values that it takes.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(GawServerSettings.Host)] = "an address or a name of this machine",
        [nameof(GawServerSettings.Port)] = Takes.Number,
        [nameof(GawServerSettings.SecretFile)] = Takes.File,
        [nameof(GawServerSettings.AcceptedSecretFiles)] = Takes.Files,
        [nameof(GawServerSettings.Encrypt)] = Takes.Flag,
        [nameof(GawServerSettings.RequireSecurity)] = Takes.Flag,
        [nameof(GawServerSettings.MaxConcurrentCalls)] = Takes.Number,
        [nameof(GawServerSettings.MaxConnections)] = Takes.Number,
        [nameof(GawServerSettings.MaxFrameBytes)] = Takes.Number,
        [nameof(GawServerSettings.Backlog)] = Takes.Number,
        [nameof(GawServerSettings.DrainTimeout)] = Takes.Duration,
        [nameof(GawServerSettings.FrameTimeout)] = Takes.Duration,
        [nameof(GawServerSettings.IdleTimeout)] = Takes.Duration,
        [nameof(GawServerSettings.KeepReplies)] = Takes.Duration,
        [nameof(GawServerSettings.ReplayWindow)] = Takes.Duration,
        [nameof(GawServerSettings.Traces)] = Takes.OneOf<TracePolicy>(),
        [nameof(GawServerSettings.SelfDescription)] = Takes.OneOf<SelfDescriptionPolicy>(),
    };

    /// <summary>The section of a server, by the server's name.</summary>
    public static string SectionOf(string name) => name.Length == 0 ? "Gaw:Server" : $"Gaw:Servers:{name}";

    public static void Bind(GawServerSettings settings, IConfiguration configuration, string name) =>
        settings.Section = SectionReading.Read(configuration.GetSection(SectionOf(name)), Known, one => one.Bind(settings));

    /// <summary>The options, and a sentence for each setting that is wrong.</summary>
    public static (GawServerOptions Options, IReadOnlyList<string> Problems) Read(GawServerSettings settings)
    {
        OptionsReader<GawServerOptions> reader = new(new GawServerOptions(), settings.Section);
        reader.SetSecret(settings.SecretFile, static (options, secret) => options with { Secret = secret });
        List<Secret> accepted = [];
        foreach (string file in settings.AcceptedSecretFiles)
        {
            reader.ReadSecret(nameof(settings.AcceptedSecretFiles), file, accepted.Add);
        }

        reader.Set(nameof(settings.Encrypt), settings.Encrypt, static (options, value) => options with { Encrypt = value });
        reader.Set(nameof(settings.RequireSecurity), settings.RequireSecurity, static (options, value) => options with { RequireSecurity = value });
        reader.Set(nameof(settings.MaxConcurrentCalls), settings.MaxConcurrentCalls, static (options, value) => options with { MaxConcurrentCalls = value });
        reader.Set(nameof(settings.MaxConnections), settings.MaxConnections, static (options, value) => options with { MaxConnections = value });
        reader.Set(nameof(settings.MaxFrameBytes), settings.MaxFrameBytes, static (options, value) => options with { MaxFrameBytes = value });
        reader.Set(nameof(settings.Backlog), settings.Backlog, static (options, value) => options with { Backlog = value });
        reader.Set<TimeSpan>(nameof(settings.DrainTimeout), settings.DrainTimeout, static (options, value) => options with { DrainTimeout = value });
        reader.Set(nameof(settings.FrameTimeout), settings.FrameTimeout, static (options, value) => options with { FrameTimeout = value });
        reader.Set(nameof(settings.IdleTimeout), settings.IdleTimeout, static (options, value) => options with { IdleTimeout = value });
        reader.Set(nameof(settings.KeepReplies), settings.KeepReplies, static (options, value) => options with { KeepReplies = value });
        reader.Set(nameof(settings.ReplayWindow), settings.ReplayWindow, static (options, value) => options with { ReplayWindow = value });
        reader.Set(nameof(settings.Traces), settings.Traces, static (options, value) => options with { Traces = value });
        reader.Set(nameof(settings.SelfDescription), settings.SelfDescription, static (options, value) => options with { SelfDescription = value });
        return (reader.Options with { AcceptedSecrets = accepted }, reader.Problems);
    }
}
