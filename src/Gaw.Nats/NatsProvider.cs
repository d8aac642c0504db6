using Gaw.Carriers;
using Gaw.Nats.Client;
using Gaw.Nats.Engine;
using Gaw.Nats.Server;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Shared;

namespace Gaw.Nats;

/// <summary>Makes clients and servers of <c>nats://</c>. What has no meaning on an engine is refused by name, not passed over.</summary>
internal sealed class NatsProvider : CarrierProvider
{
    public override RequestCarrier CreateCarrier(IReadOnlyList<ServerAddress> addresses, GawClientOptions options, CallIds ids)
    {
        NatsSettings settings = NatsSettings.Read(addresses);
        Refuse(options.RetryWhen == RetryWhen.KeptReplies, "RetryWhen.KeptReplies", settings, "the engine picks a worker for each call, and the next one does not know the reply. Let methods be idempotent, or call the server directly", nameof(options));
        Refuse(options.Tls is not null, "Tls", settings, "the engine has its own. Set it with UseNats(o => o with { TlsOpts = … })", nameof(options));
        return new NatsCarrier(settings, new NatsTarget(settings.Subjects), options, ids);
    }

    public override ServerListener CreateListener(IReadOnlyList<ServerAddress> addresses, GawServer server)
    {
        NatsSettings settings = NatsSettings.Read(addresses);
        GawServerOptions options = server.Options;
        Refuse(options.KeepReplies is not null, "KeepReplies", settings, "the engine picks a worker for each call, and only one has the reply. Leave it out", nameof(server));
        Refuse(options.ReplayWindow is not null, "ReplayWindow", settings, "each worker would take a recorded call once. Leave it out, and let the engine decide who may send", nameof(server));
        Refuse(options.Tls is { ClientCertificateRequired: true }, "Tls with ClientCertificateRequired", settings, "a caller is not connected to the worker and shows it no certificate. Leave it out, or serve TCP alone", nameof(server));
        Refuse(options is { RequireSecurity: true, Secret: null }, "RequireSecurity without a Secret", settings, "an engine is a machine between caller and worker. Give both the same Secret", nameof(server));
        NatsLink link = new(settings.CreateOptions("gaw worker", options.CarrierOptions), settings.Address.ToString());
        Worker worker = new(server.PostOffice, link, settings.Subjects) { Paths = () => server.Entrypoints.Select(static entrypoint => entrypoint.Path) };
        NatsListener listener = new(worker, server.DescribesItselfToEngines);
        server.ServicesAdded += listener.ServeFurther;
        return listener;
    }

    private static void Refuse(bool isSet, string name, NatsSettings settings, string why, string parameter)
    {
        if (isSet)
        {
            throw new ArgumentException($"{name} has no meaning at {settings.Address}: {why}.", parameter);
        }
    }
}
