using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.Logging;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.Testing.Carrier;

/// <summary>Carries a client's calls over memory, on one route at a time.</summary>
internal sealed class MemoryCarrier : RequestCarrier
{
    private readonly MemoryServer _memory;
    private readonly GawClientOptions _options;
    private readonly CallIds _ids;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    /// <summary>Written under the gate; pairs with the reads of senders and with the exchange in <see cref="OnClosed"/>.</summary>
    private MemoryRoute? _route;

    /// <summary>Written before the route is taken away; pairs with the read in <see cref="Server"/>, which finds one or the other.</summary>
    private object? _lastServer;

    private bool _isDisposed;

    public MemoryCarrier(MemoryServer memory, GawClientOptions options, CallIds ids)
        : base(MemoryEndPoint.Instance, options.MaxFrameBytes)
    {
        _memory = memory;
        _options = options;
        _ids = ids;
        _logger = SafeLogger.Create(options.LoggerFactory, "Gaw.Client");
    }

    public override object? Server => Volatile.Read(ref _route)?.Server ?? Volatile.Read(ref _lastServer);

    public override CallRoute? Next => Volatile.Read(ref _route);

    public override int Load => Volatile.Read(ref _route)?.OpenCalls ?? 0;

    public override bool TakesCalls => Volatile.Read(ref _route) is not null;

    public override bool IsOpening => false;

    public override Action<bool>? OnOpened { get; set; }

    public override void Prepare()
    {
    }

    public override CallRoute? TrySend(PendingCall call, JsonWriter message) => Volatile.Read(ref _route) is { } route && route.TrySend(call, message) ? route : null;

    public override Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The first question on a connection blocks, and its reply comes on a thread of the pool.
        return Background.RunApart(() => Task.Run(() => Open(connectTime), cancellationToken));
    }

    public override void Dispose()
    {
        MemoryRoute? route;
        lock (_gate)
        {
            _isDisposed = true;
            route = _route;
        }

        route?.Fail(new ObjectDisposedException(null, "The client was disposed."));
    }

    private bool Open(TimeSpan connectTime)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                throw new GawConnectionException("The client was disposed.", EndPoint, CallExecution.NotRun, new ObjectDisposedException(nameof(GawClient)));
            }

            if (_route is not null)
            {
                return false;
            }

            if (_memory.Faults.Refuses || _memory.IsStopping)
            {
                throw new GawConnectionException($"No connection to {EndPoint}: it refuses connections.", EndPoint, CallExecution.NotRun);
            }

            MemoryRoute route = new(_memory, _options, _logger, OnClosed);
            if (_options.RetryWhen == RetryWhen.KeptReplies)
            {
                CapabilityProbe.Make(route, EndPoint, connectTime, asksForReplies: true, _ids, _options.TimeProvider);
            }

            Volatile.Write(ref _route, route);
            return true;
        }
    }

    private void OnClosed(MemoryRoute route)
    {
        Volatile.Write(ref _lastServer, route.Server);

        // Pairs with the write in Open: the route that has ended is taken away, never a later one.
        Interlocked.CompareExchange(ref _route, null, route);
    }
}
