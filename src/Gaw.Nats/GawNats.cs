using Gaw.Carriers;
using Gaw.Nats;
using Gaw.Nats.Engine;
using NATS.Client.Core;

[assembly: GawCarrier(NatsSettings.Scheme, typeof(GawNats))]

namespace Gaw.Nats;

/// <summary>
/// Gaw on NATS. As soon as the package is referenced, <c>nats://host:4222</c> is an address like others: <c>new
/// GawServer("nats://10.0.0.9:4222")</c>, <c>new GawClient("nats://10.0.0.9:4222")</c>. Services and interfaces
/// stay as they are.
/// </summary>
public static class GawNats
{
    /// <summary>
    /// Makes the addresses <c>nats://</c> known. Gaw's source generator writes this call into each program that
    /// references the package; where it does not run, call it once. May be called often.
    /// </summary>
    public static void Register() => CarrierRegistry.Register(NatsSettings.Scheme, new NatsProvider());

    /// <summary>Changes what NATS's own client is told beyond the address: TLS, credentials files, NKeys, times. Of several changes the last one counts.</summary>
    /// <param name="options">The server's options.</param>
    /// <param name="configure">Gets the options of NATS as the address and Gaw make them, and gives those that are used.</param>
    /// <returns>Options for a server at <c>nats://</c>.</returns>
    public static GawServerOptions UseNats(this GawServerOptions options, Func<NatsOpts, NatsOpts> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { CarrierOptions = Adapt(configure) };
    }

    /// <inheritdoc cref="UseNats(GawServerOptions, Func{NatsOpts, NatsOpts})"/>
    /// <param name="options">The client's options.</param>
    /// <param name="configure">Gets the options of NATS as the address and Gaw make them, and gives those that are used.</param>
    /// <returns>Options for a client at <c>nats://</c>.</returns>
    public static GawClientOptions UseNats(this GawClientOptions options, Func<NatsOpts, NatsOpts> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { CarrierOptions = Adapt(configure) };
    }

    private static Func<object, object> Adapt(Func<NatsOpts, NatsOpts> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return options => configure((NatsOpts)options);
    }
}
