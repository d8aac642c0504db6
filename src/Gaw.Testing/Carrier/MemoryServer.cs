using System.Collections.Concurrent;
using Gaw.PostOffice;
using Gaw.PostOffice.Server.Running;
using Gaw.Scheduling;

namespace Gaw.Testing.Carrier;

/// <summary>The server's side of all connections over memory: counts the running calls, and drains.</summary>
internal sealed class MemoryServer : IAsyncDisposable
{
    private readonly GawServerOptions _options;
    private readonly ConcurrentDictionary<MemoryRoute, MemoryRoute> _routes = new();
    private readonly ConcurrentBag<GawClient> _clients = [];
    private readonly TaskCompletionSource _othersDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task? _stopped;

    public MemoryServer(GawServer server, GawServerOptions options)
    {
        Server = server.PostOffice;
        _options = options;
        Slots = options.MaxConcurrentCalls < int.MaxValue ? new SemaphoreSlim(options.MaxConcurrentCalls) : null;
        server.Started = options.TimeProvider.GetUtcNow();
    }

    public PostOfficeServer Server { get; }

    public Faults Faults { get; } = new();

    /// <summary>Places for calls that run; <see langword="null"/>: there is no limit.</summary>
    public SemaphoreSlim? Slots { get; }

    /// <summary>Further calls are turned away as not run.</summary>
    public bool IsStopping => Server.IsStopping;

    public int ConnectionCount => _routes.Count;

    /// <summary>Calls that run, until they have ended.</summary>
    public RunningMessages Running { get; } = new();

    public GawClient Connect(GawClientOptions options)
    {
        GawClient client = new(ids => new MemoryCarrier(this, options, ids), options);
        _clients.Add(client);
        return client;
    }

    public void Add(MemoryRoute route) => _routes.TryAdd(route, route);

    public void Remove(MemoryRoute route) => _routes.TryRemove(route, out _);

    public void Cut()
    {
        foreach (MemoryRoute route in _routes.Values)
        {
            route.Fail(new IOException("The test host has cut the connection."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task stopped;
        lock (_gate)
        {
            stopped = _stopped ??= Background.RunApart(StopAsync);
        }

        if (ForeignCode.Call?.TryAwaitStop(Server) == true)
        {
            // A call of this server disposes it: the rest follows when it is answered.
            stopped = await Task.WhenAny(stopped, _othersDone.Task).ConfigureAwait(false);
        }

        await stopped.ConfigureAwait(false);
    }

    private async Task StopAsync()
    {
        Server.BeginStop();
        using (CancellationTokenSource timeUp = new(_options.DrainTimeout, _options.TimeProvider))
        {
            await Running.WhenDoneButForStopAsync(timeUp.Token).ConfigureAwait(false);
            _othersDone.TrySetResult();
            await Running.WhenNoneAsync().WaitAsync(timeUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (GawClient client in _clients)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }

        Cut();
        await Server.DisposeAsync().ConfigureAwait(false);
    }
}
