using Gaw.Json;
using Gaw.Logging;
using Gaw.Nats.Engine;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.PostOffice.Protection;
using Gaw.Scheduling;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.Nats.Client;

/// <summary>Carries a client's calls over the engine: one connection, which all calls share.</summary>
internal sealed class NatsCarrier : RequestCarrier
{
    private readonly Lock _gate = new();
    private readonly GawClientOptions _options;
    private readonly IFrameProtector _protector;
    private readonly NatsLink _link;
    private readonly NatsRoute _route;
    private readonly CallIds _ids;
    private readonly ILogger _log;

    /// <summary>Written under the gate; pairs with the read in <see cref="IsOpening"/>, which only ranks servers.</summary>
    private Task? _opening;

    /// <summary>
    /// Each is written under the gate, once; pairs with the read in <see cref="TakesCalls"/> without it.
    /// Who reads a moment too early waits for capacity and asks again under the gate.
    /// </summary>
    private volatile bool _isListening;
    private volatile bool _isDisposed;

    public NatsCarrier(NatsSettings settings, NatsTarget target, GawClientOptions options, CallIds ids)
        : base(new AddressEndPoint(settings.Address), options.MaxFrameBytes)
    {
        _options = options;
        _ids = ids;
        _log = SafeLogger.Create(options.LoggerFactory, "Gaw.Client");
        _protector = options.CreateProtector(options.Secret);
        _link = new NatsLink(settings.CreateOptions("gaw client", options.CarrierOptions), settings.Address.ToString());
        _route = new NatsRoute(_link, target, EndPoint, _protector, options.TimeProvider, _log);
        _link.OnChanged = OnChanged;
    }

    public override object? Server => _route.Server;

    public override CallRoute? Next => TakesCalls ? _route : null;

    public override int Load => _route.OpenCalls;

    public override bool TakesCalls => _isListening && !_isDisposed && _link.IsOpen;

    public override bool IsOpening => Volatile.Read(ref _opening) is { IsCompleted: false };

    public override Action<bool>? OnOpened { get; set; }

    public override void Prepare() => Open().Forget();

    public override CallRoute? TrySend(PendingCall call, JsonWriter message) => TakesCalls && _route.TrySend(call, message) ? _route : null;

    public override async Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task opening = Open();
        try
        {
            await opening.WaitAsync(connectTime, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!opening.IsCompleted)
        {
            throw new GawConnectionException($"The engine at {EndPoint} is away, so {call.Path} was not sent. It is looked for.", EndPoint, CallExecution.NotRun);
        }
        catch (GawConnectionException e)
        {
            throw new GawConnectionException(e.Message, EndPoint, e.Execution, e.InnerException);
        }
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _route.Dispose();
        CloseAsync().Forget();
    }

    /// <summary>Connects where nobody does yet; all callers share the attempt.</summary>
    public Task Open()
    {
        lock (_gate)
        {
            return _isDisposed
                ? Task.FromException(new GawConnectionException("The client was disposed.", EndPoint, CallExecution.NotRun, new ObjectDisposedException(nameof(GawClient))))
                : _opening is { IsCompleted: false } ? _opening : _opening = Background.RunApart(OpenAsync);
        }
    }

    private async Task OpenAsync()
    {
        try
        {
            await _link.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
            if (!_isListening)
            {
                await _link.SubscribeAsync(_link.InboxPrefix + "*", group: null, _route.Receive, CancellationToken.None).ConfigureAwait(false);
                _isListening = true;
            }

            OnOpened?.Invoke(true);
        }
        catch (Exception e)
        {
            OnOpened?.Invoke(false);
            throw e as GawConnectionException ?? new GawConnectionException($"The engine at {EndPoint} was not reached: {e.Message}", EndPoint, CallExecution.NotRun, e);
        }
    }

    private void OnChanged(bool isOpen)
    {
        if (isOpen)
        {
            _ids.Renew();
        }

        _route.OnEngineChanged(isOpen);
    }

    /// <summary>What cancels the calls leaves first.</summary>
    private async Task CloseAsync()
    {
        try
        {
            if (_link.IsOpen)
            {
                using CancellationTokenSource limit = new(TimeSpan.FromSeconds(1));
                await _link.PingAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The engine is gone, or slow: nothing is owed to it.
        }

        await _link.DisposeAsync().ConfigureAwait(false);
        _protector.Dispose();
    }
}
