using Gaw.Nats.Engine;
using Gaw.Nats.Server;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.PostOffice.Server;

namespace Gaw.Nats.Bridging;

/// <summary>The server's half of a bridge: takes the requests of some services from the engine, and gives their documents to somebody who answers each with a document.</summary>
internal sealed class NatsDocumentServer : IAsyncDisposable
{
    private readonly PostOfficeServer _postOffice;
    private readonly NatsListener _listener;

    /// <param name="address">Of the engine, <c>nats://…</c>.</param>
    /// <param name="services">The services.</param>
    /// <param name="handler">Gets a request's document and gives that of its reply. What it throws is answered as a failure with its short type name and message.</param>
    /// <param name="options">Limits, times and the secret.</param>
    public NatsDocumentServer(string address, IReadOnlyList<string> services, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler, GawServerOptions options)
    {
        NatsSettings settings = NatsSettings.Read(AddressParser.Parse([address], nameof(address)));

        // Gives options, keys and counts; it is never started.
        _postOffice = new PostOfficeServer("127.0.0.1", 0, DelegateMessage.Adapt(handler), options, "Gaw.Bridge");
        NatsLink link = new(settings.CreateOptions("gaw bridge", options.CarrierOptions), settings.Address.ToString());
        _listener = new NatsListener(new Worker(_postOffice, link, settings.Subjects) { IsBridge = true, Paths = () => services.Select(static service => $"{service}/") }, describesItself: false);
    }

    /// <summary>Begins to take requests; an engine that is away is waited for.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _listener.StartAsync(cancellationToken);

    /// <summary>Lets requests in flight finish, for at most <c>DrainTimeout</c>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _postOffice.DisposeAsync().ConfigureAwait(false);
    }
}
