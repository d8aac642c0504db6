using Microsoft.Extensions.Configuration;

namespace Gaw.Hosting.Settings;

/// <summary>From configuration to a client's options and addresses.</summary>
internal static class ClientSettings
{
    /// <summary>Each setting with the values that it takes.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(GawClientSettings.Address)] = "an address such as \"10.0.0.7:5555,10.0.0.8:5555\", \"dns:///stock:5555\" or \"nats://10.0.0.9:4222\"",
        [nameof(GawClientSettings.SecretFile)] = Takes.File,
        [nameof(GawClientSettings.Encrypt)] = Takes.Flag,
        [nameof(GawClientSettings.MaxFrameBytes)] = Takes.Number,
        [nameof(GawClientSettings.CallTimeout)] = Takes.Duration,
        [nameof(GawClientSettings.ConnectTimeout)] = Takes.Duration,
        [nameof(GawClientSettings.ConnectionLifetime)] = Takes.Duration,
        [nameof(GawClientSettings.ConnectionMaxAge)] = Takes.Duration,
        [nameof(GawClientSettings.MaxConnections)] = Takes.Number,
        [nameof(GawClientSettings.Retries)] = Takes.Number,
        [nameof(GawClientSettings.RetryWhen)] = Takes.OneOf<RetryWhen>(),
    };

    /// <summary>The section of a client, by the client's name.</summary>
    public static string SectionOf(string name) => $"Gaw:Clients:{name}";

    public static void Bind(GawClientSettings settings, IConfiguration configuration, string name)
    {
        settings.Section = SectionReading.Read(configuration.GetSection(SectionOf(name)), Known, one => one.Bind(settings));
        if (configuration.GetConnectionString(name) is { Length: > 0 } address)
        {
            settings.Address = address;
        }
    }

    /// <summary>Where the servers are: the text as a client takes it.</summary>
    public static string AddressOf(GawClientSettings settings) => settings.Address ?? "";

    /// <summary>The options, and a sentence for each setting that is wrong.</summary>
    public static (GawClientOptions Options, IReadOnlyList<string> Problems) Read(GawClientSettings settings, string name, bool needsAddress)
    {
        OptionsReader<GawClientOptions> reader = new(new GawClientOptions(), settings.Section);
        reader.SetSecret(settings.SecretFile, static (options, secret) => options with { Secret = secret });
        reader.Set(nameof(settings.Encrypt), settings.Encrypt, static (options, value) => options with { Encrypt = value });
        reader.Set(nameof(settings.MaxFrameBytes), settings.MaxFrameBytes, static (options, value) => options with { MaxFrameBytes = value });
        reader.Set(nameof(settings.CallTimeout), settings.CallTimeout, static (options, value) => options with { CallTimeout = value });
        reader.Set(nameof(settings.ConnectTimeout), settings.ConnectTimeout, static (options, value) => options with { ConnectTimeout = value });
        reader.Set(nameof(settings.ConnectionLifetime), settings.ConnectionLifetime, static (options, value) => options with { ConnectionLifetime = value });
        reader.Set(nameof(settings.ConnectionMaxAge), settings.ConnectionMaxAge, static (options, value) => options with { ConnectionMaxAge = value });
        reader.Set(nameof(settings.MaxConnections), settings.MaxConnections, static (options, value) => options with { MaxConnections = value });
        reader.Set(nameof(settings.Retries), settings.Retries, static (options, value) => options with { Retries = value });
        reader.Set(nameof(settings.RetryWhen), settings.RetryWhen, static (options, value) => options with { RetryWhen = value });
        if (!needsAddress)
        {
            return (reader.Options, reader.Problems);
        }

        if (string.IsNullOrWhiteSpace(settings.Address))
        {
            reader.Problems.Add($"The client \"{name}\" has no address. Set ConnectionStrings:{name} or {SectionOf(name)}:Address, for example to \"10.0.0.7:5555\".");
        }
        else
        {
            // The client connects with its first call. An address that it refuses is reported before. The text itself is not shown: it may hold a password.
            reader.Try(nameof(settings.Address), "not usable", () => new GawClient(AddressOf(settings)).Dispose());
        }

        return (reader.Options, reader.Problems);
    }
}
