using Gaw.Hosting.Settings;

namespace Gaw.Hosting;

/// <summary>
/// The settings of a client in a host: the section <c>Gaw:Clients:NAME</c>. What is not set has the default of <see cref="GawClientOptions"/>. The section takes a
/// <c>Secret</c> as well; it is no property, so that nothing prints it.
/// </summary>
public sealed class GawClientSettings
{
    /// <summary>The rest of the section, beside the properties. No property, so that no binder sees it.</summary>
    internal SectionReading Section = SectionReading.None;

    /// <summary>
    /// Where the servers are, in a form that <see cref="GawClient(string, GawClientOptions?)"/> takes: <c>host:port</c>,
    /// several parted by commas, <c>dns:///name:port</c>, or <c>nats://host:4222</c> with the package
    /// Gaw.Nats. <c>ConnectionStrings:NAME</c> is used before it. May hold a password, so nothing shows it.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>A file with the base64 text of the secret. Default: none. Not together with <c>Secret</c>.</summary>
    public string? SecretFile { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeOptions.Encrypt"/>
    public bool? Encrypt { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeOptions.MaxFrameBytes"/>
    public int? MaxFrameBytes { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeClientOptions.CallTimeout"/>
    public TimeSpan? CallTimeout { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeClientOptions.ConnectTimeout"/>
    public TimeSpan? ConnectTimeout { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeClientOptions.ConnectionLifetime"/>
    public TimeSpan? ConnectionLifetime { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeClientOptions.ConnectionMaxAge"/>
    public TimeSpan? ConnectionMaxAge { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeClientOptions.MaxConnections"/>
    public int? MaxConnections { get; set; }

    /// <inheritdoc cref="PostOffice.PostOfficeClientOptions.Retries"/>
    public int? Retries { get; set; }

    /// <inheritdoc cref="JsonWeb.JsonWebClientOptions.RetryWhen"/>
    public RetryWhen? RetryWhen { get; set; }
}
