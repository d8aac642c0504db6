using System.Net;
using System.Net.Sockets;
using Gaw.Logging;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Server;
using Gaw.PostOffice.Server.Admission;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Server.Watching;
using Gaw.PostOffice.Sockets;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>
/// A server of messages over TCP: takes JSON documents in frames, gives a JSON document back for each. The lowest of Gaw's layers that can
/// be used alone; <c>GawServer</c> is what most programs want.
/// </summary>
public sealed class PostOfficeServer : IAsyncDisposable
{
    private readonly SocketListener _listener;
    private readonly ConnectionRegistry _connections;
    private readonly ServerDrain _drain;
    private readonly StopOnce _stop;
    private readonly ServerClock _clock;
    private readonly ServerKeys _keys;
    private readonly Lock _gate = new();

    /// <summary>
    /// The exchange in <see cref="BeginStop"/> pairs with itself: of several stops, one tells. It pairs with
    /// the reads of those who have a request, too, for whom a moment old is early enough.
    /// </summary>
    private int _hasBegunStop;

    /// <summary>The end of the calls that came by other carriers. Each carrier adds its own before the server clears the keys, one carrier after the other.</summary>
    private Task _callsOfCarriers = Task.CompletedTask;

    /// <summary>Answers each message with what <paramref name="handler"/> makes of it, one at a time and in order for each connection.</summary>
    /// <param name="host">An IPv4 or IPv6 address of this machine, or a name for one.</param>
    /// <param name="port">The TCP port; 0 lets the system choose one (see <see cref="LocalEndPoint"/>).</param>
    /// <param name="handler">Gets a message's JSON document (UTF-8) and a token that fires when its sender is gone; gives the reply's.
    /// An exception is answered as a failure with its short type name and message.</param>
    /// <param name="options">Limits and times.</param>
    public PostOfficeServer(string host, int port, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler, PostOfficeServerOptions? options = null)
        : this(host, port, DelegateMessage.Adapt(handler), options ?? new PostOfficeServerOptions(), "Gaw.PostOffice")
    {
    }

    internal PostOfficeServer(string host, int port, MessageHandler handler, PostOfficeServerOptions options, string logCategory)
    {
        HostName.ThrowIfNone(host);
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "Give a port from 0 (any free one) to 65535.");
        }

        Handler = handler;
        Options = options;
        Logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        options.ThrowIfContradictory(nameof(options));
        _keys = new ServerKeys(options);
        RejectionLog = new RejectionLog(options.TimeProvider, options.IsMeasured);
        Slots = options.MaxConcurrentCalls == int.MaxValue ? null : new CallSlots(options.MaxConcurrentCalls);
        _connections = new ConnectionRegistry(options.MaxConnections, options.IsMeasured, RejectionLog, Logger);
        _drain = new ServerDrain(_connections, options, Logger);
        _stop = new StopOnce(_gate, StopAllAsync, _drain.Hurry);
        _clock = new ServerClock(_connections, options.TimeProvider, Logger);
        _listener = new SocketListener(host, port, options, Logger, new SocketIntake(this, _connections).Take);
    }

    /// <summary>Where the server listens, with the port that the system chose.</summary>
    /// <exception cref="InvalidOperationException">The server has not been started.</exception>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    internal PostOfficeServerOptions Options { get; }

    internal MessageHandler Handler { get; }

    internal ILogger Logger { get; }

    /// <summary>What the first reply on each connection says of the server in its <c>meta</c>: JSON members. <see langword="null"/>: nothing.</summary>
    internal Func<byte[]>? Announce { get; init; }

    /// <summary>Called twice a second.</summary>
    internal Action? OnClock { init => _clock.Also = value; }

    /// <summary>Called once, when the server begins to stop; must not throw.</summary>
    internal Action? OnStopping { get; init; }

    /// <summary>Fires when the calls that are left at the end of a stop are cut off.</summary>
    internal CancellationToken CutOff => _drain.CutOff;

    internal bool IsCutOff => _drain.IsCutOff;

    /// <summary>The places among the running calls; <see langword="null"/> where their number is not limited.</summary>
    internal CallSlots? Slots { get; }

    /// <summary>A message may have to wait for its turn.</summary>
    internal bool LimitsCalls => Slots is not null;

    internal RejectionLog RejectionLog { get; }

    internal FrameBudget Budget => _connections.Budget;

    /// <summary>How many connections are open, or have calls that run on.</summary>
    internal int ConnectionCount => _connections.Count;

    /// <summary>What each connection holds of a frame that has begun, what of its replies the system has taken, and whether nothing but its peer will make it go on.</summary>
    internal IEnumerable<(int BufferedBytes, long SentBytes, bool IsAtRest)> ConnectionStates =>
        _connections.All.Select(static connection => (connection.BufferedBytes, connection.Replies.SentBytes, connection.IsAtRest));

    /// <summary>How many messages have come.</summary>
    internal long ReceivedCount => _connections.ReceivedCount;

    /// <summary>How many messages run.</summary>
    internal int RunningCount => _connections.RunningCount;

    /// <summary>The server has been told to stop, on whichever carrier.</summary>
    internal bool IsStopping => Volatile.Read(ref _hasBegunStop) != 0;

    /// <inheritdoc cref="ServerKeys.Protectors"/>
    internal IReadOnlyList<IFrameProtector> Protectors => _keys.Protectors;

    /// <summary>Begins to listen; clients can connect when it returns.</summary>
    /// <exception cref="InvalidOperationException">The server has been started before.</exception>
    /// <exception cref="SocketException">The address cannot be listened on: taken, not of this machine, not allowed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        IPAddress address = await _listener.ResolveAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_listener.HasBegun)
            {
                throw new InvalidOperationException("The server has been started before. Make a new one to start again.");
            }

            ObjectDisposedException.ThrowIf(_stop.HasBegun, this);
            _listener.Start(address);
            _clock.Start();
        }
    }

    /// <summary>
    /// Stops listening, lets the calls in flight finish and their replies leave, for at most <see cref="PostOfficeServerOptions.DrainTimeout"/>;
    /// then cuts off what is left. Further calls wait for the same stop. A message that is being processed may ask for it as well: the task then does not wait for that
    /// message, whose sender still gets the reply. Code that goes on after its message was answered waits for all.
    /// A synchronous method asks on its own thread: where it blocks on another thread that asks, the stop waits for the method.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting, that of others, too: what is left is cut off at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        Task stopped = _stop.Begin(cancellationToken);
        return ForeignCode.Call?.TryAwaitStop(this) == true ? Task.WhenAny(stopped, _drain.OthersDone) : stopped;
    }

    /// <summary>Stops the server as <see cref="StopAsync"/> does, and clears its keys.</summary>
    public ValueTask DisposeAsync() => _stop.DisposeAsync(StopAsync(), EndAsync);

    /// <summary>Tells what runs without end that the server stops: once.</summary>
    internal void BeginStop()
    {
        if (Interlocked.Exchange(ref _hasBegunStop, 1) == 0)
        {
            OnStopping?.Invoke();
        }
    }

    /// <summary>Keeps the keys until calls that came by another carrier have ended, too.</summary>
    internal void KeepKeysUntil(Task ended) => _callsOfCarriers = Task.WhenAll(_callsOfCarriers, ended);

    /// <inheritdoc cref="RejectionLog.Count"/>
    internal bool CountRejection(string kind) => RejectionLog.Count(kind);

    internal void Remove(ServerConnection connection) => _connections.Remove(connection);

    /// <inheritdoc cref="ServerKeys.CreateProtector"/>
    internal IFrameProtector CreateProtector() => _keys.CreateProtector();

    /// <inheritdoc cref="ConnectionRegistry.CheckBudget"/>
    internal void CheckBudget() => _connections.CheckBudget();

    private async Task EndAsync()
    {
        await _clock.DisposeAsync().ConfigureAwait(false);
        _listener.Dispose();
        ClearKeysAsync().Forget();
    }

    /// <summary>Once the last call is done: one that was cut off may still be about to answer.</summary>
    private async Task ClearKeysAsync()
    {
        await Task.WhenAll([_callsOfCarriers, .. _connections.All.Select(static connection => connection.Ended)]).ConfigureAwait(false);
        _keys.Dispose();
    }

    private async Task StopAllAsync()
    {
        BeginStop();
        if (_listener.HasBegun)
        {
            await _listener.StopAsync().ConfigureAwait(false);
            await _drain.RunAsync(LocalEndPoint).ConfigureAwait(false);
        }
    }
}
