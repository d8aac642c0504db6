using System.Net;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>
/// All that JsonWeb may know of the server that carries its documents. The layer is compiled with this in place of the folder PostOffice/Server, so that a second carrier has
/// to be no more: with <see cref="ReplyChannel"/>, <see cref="InboundMessage"/> and <see cref="MessageHandler"/> it is the whole seam.
/// </summary>
internal sealed class PostOfficeServer(string host, int port, MessageHandler handler, PostOfficeServerOptions options, string logCategory) : IAsyncDisposable
{
    public IPEndPoint LocalEndPoint { get; } = new(IPAddress.Parse(host), port);

    public MessageHandler Handler => handler;

    public PostOfficeServerOptions Options => options;

    public ILogger Logger { get; } = options.LoggerFactory.CreateLogger(logCategory);

    public Func<byte[]>? Announce { get; init; }

    public Action? OnStopping { get; init; }

    public Action? OnClock { get; init; }

    public CancellationToken CutOff => default;

    public bool LimitsCalls => false;

    public bool CountRejection(string kind) => kind.Length > 0;

    public Task StartAsync(CancellationToken cancellationToken) => Task.FromCanceled(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.FromCanceled(cancellationToken);

    public ValueTask DisposeAsync() => default;
}
