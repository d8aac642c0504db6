using Gaw.JsonWeb;
using Gaw.PostOffice.Addresses;

namespace Gaw.Carriers;

/// <summary>All that a server listens on: its TCP port, and what other packages bring. They start one after the other, and drain together.</summary>
/// <param name="web">Answers what comes over any of them; listens itself where there is a TCP address.</param>
/// <param name="tcp">The TCP address; <see langword="null"/>: there is none.</param>
/// <param name="engines">The listeners of other packages.</param>
internal sealed class ServerListeners(JsonWebServer web, ServerAddress? tcp, ServerListener[] engines)
{
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The exchange pairs with itself: of two starts, one begins.</summary>
    private int _hasBegun;

    public bool HasTcp => tcp is not null;

    /// <summary>Completes when somebody has the server stop.</summary>
    public Task StopAsked => _stopAsked.Task;

    public bool IsStopping => web.PostOffice.IsStopping;

    /// <inheritdoc cref="GawServer.Address"/>
    public string Address => string.Join(',', engines.Select(static engine => engine.Address).Prepend(ShowTcp()).OfType<string>());

    public long ReceivedCount => web.PostOffice.ReceivedCount + engines.Sum(static engine => engine.ReceivedCount);

    public int RunningCount => web.PostOffice.RunningCount + engines.Sum(static engine => engine.RunningCount);

    public int QueuedCount => (web.PostOffice.Slots?.QueuedCount ?? 0) + engines.Sum(static engine => engine.QueuedCount);

    /// <exception cref="ArgumentException">No package brings one of the schemes, or its carrier refuses the address or an option.</exception>
    public static ServerListeners Create(JsonWebServer web, ServerAddress? tcp, IReadOnlyList<ServerAddress> foreign, GawServer server) =>
        new(web, tcp, [.. foreign.GroupBy(static address => address.Scheme, (scheme, group) => CarrierRegistry.Get(scheme, "address").CreateListener([.. group], server))]);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (HasTcp)
        {
            await web.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        ObjectDisposedException.ThrowIf(IsStopping, typeof(GawServer));

        if (Interlocked.Exchange(ref _hasBegun, 1) != 0)
        {
            throw new InvalidOperationException("The server has been started before. Make a new one to start again.");
        }

        try
        {
            foreach (ServerListener engine in engines)
            {
                await engine.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            // Half a server would serve some callers and lose the others.
            await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <remarks>The post office is asked first: it tells the channel of a call that stops its own server, and that channel may be an engine's.</remarks>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        BeginStop();
        Task stopped = web.StopAsync(cancellationToken);
        return engines.Length == 0 ? stopped : Task.WhenAll([stopped, .. engines.Select(engine => engine.StopAsync(cancellationToken))]);
    }

    public async ValueTask DisposeAsync()
    {
        if (engines.Length > 0)
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
            foreach (ServerListener engine in engines)
            {
                await engine.DisposeAsync().ConfigureAwait(false);
            }
        }

        BeginStop();
        await web.DisposeAsync().ConfigureAwait(false);
    }

    private void BeginStop()
    {
        web.PostOffice.BeginStop();
        _stopAsked.TrySetResult();
    }

    private string? ShowTcp() => tcp is null ? null : _hasBegun != 0 ? web.LocalEndPoint.ToString() : tcp.ToString();
}
