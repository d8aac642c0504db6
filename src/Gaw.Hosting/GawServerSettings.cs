using Gaw.Hosting.Settings;

namespace Gaw.Hosting;

/// <summary>
/// The settings of a server in a host: the section <c>Gaw:Server</c>, or <c>Gaw:Servers:NAME</c> of a named one. What is not set has the default of
/// <see cref="GawServerOptions"/>. The section takes a <c>Secret</c> as well; it is no property, so that nothing prints it.
/// </summary>
public sealed class GawServerSettings
{
    /// <summary>The rest of the section, beside the properties. No property, so that no binder sees it.</summary>
    internal SectionReading Section = SectionReading.None;

    /// <summary>An address of this machine, or a name for one; <c>0.0.0.0</c> and <c>::</c> are all of them. Default: <c>127.0.0.1</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The TCP port; 0 lets the system choose one. Default: 5555.</summary>
    public int Port { get; set; } = 5555;

    /// <summary>A file with the base64 text of the secret. Default: none. Not together with <c>Secret</c>.</summary>
    public string? SecretFile { get; set; }

    /// <summary>Files with further secrets that are taken: <see cref="PostOffice.PostOfficeServerOptions.AcceptedSecrets"/>. Default: none.</summary>
    public IList<string> AcceptedSecretFiles { get; } = [];

    /// <inheritdoc cref="PostOffice.PostOfficeOptions.Encrypt"/>
    public bool? Encrypt { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeServerOptions.RequireSecurity"/>
    public bool? RequireSecurity { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeServerOptions.MaxConcurrentCalls"/>
    public int? MaxConcurrentCalls { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeServerOptions.MaxConnections"/>
    public int? MaxConnections { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeOptions.MaxFrameBytes"/>
    public int? MaxFrameBytes { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeServerOptions.Backlog"/>
    public int? Backlog { get; set; }

    /// <summary>How long a stop waits for the calls in flight. Default: 25 seconds, five less than the host's own <c>ShutdownTimeout</c>, which cuts off the rest.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <inheritdoc cref="PostOffice.PostOfficeServerOptions.FrameTimeout"/>
    public TimeSpan? FrameTimeout { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeServerOptions.IdleTimeout"/>
    public TimeSpan? IdleTimeout { get; set; }

    /// <inheritdoc cref="JsonWeb.JsonWebServerOptions.KeepReplies"/>
    public TimeSpan? KeepReplies { get; set; }

    /// <inheritdoc cref="JsonWeb.JsonWebServerOptions.ReplayWindow"/>
    public TimeSpan? ReplayWindow { get; set; }

    /// <inheritdoc cref="GawServerOptions.Traces"/>
    public TracePolicy? Traces { get; set; }

    /// <inheritdoc cref="GawServerOptions.SelfDescription"/>
    public SelfDescriptionPolicy? SelfDescription { get; set; }
}
