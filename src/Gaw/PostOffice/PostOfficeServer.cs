using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Logging;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Scheduling;
using Gaw.PostOffice.Server;
using Gaw.PostOffice.Sockets;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>
/// A server of messages over TCP: takes JSON documents in frames, gives a JSON document back for each. The lowest of Gaw's layers that can
/// be used alone; <c>GawServer</c> is what most programs want.
/// </summary>
public sealed class PostOfficeServer : IAsyncDisposable
{
    private static readonly TimeSpan ShortestAcceptPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestAcceptPause = TimeSpan.FromSeconds(1);

    /// <summary>Grace period for the stop notice to reach the peer; many round trips. Restarts while a peer that was told keeps sending.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>Refused peers that are still being told so; beyond that they are only closed.</summary>
    private const int MaxRefusedOpen = 1000;

    private readonly string _host;
    private readonly int _port;
    private readonly ConcurrentDictionary<ServerConnection, ServerConnection> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cutOff = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource _othersDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly IFrameProtector[] _protectors;
    private readonly ITimer _clock;
    private int _refusedOpen;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private Task? _stopped;
    private long _receivedOnEnded;

    /// <summary>Answers each message with what <paramref name="handler"/> makes of it, one at a time and in order for each connection.</summary>
    /// <param name="host">An IPv4 or IPv6 address of this machine, or a name for one.</param>
    /// <param name="port">The TCP port; 0 lets the system choose one (see <see cref="LocalEndPoint"/>).</param>
    /// <param name="handler">Gets a message's JSON document (UTF-8) and a token that fires when its sender is gone; gives the answer's.
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

        _host = host;
        _port = port;
        Handler = handler;
        Options = options;
        Logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        if (options.Secret is null && options.AcceptedSecrets.Count > 0)
        {
            throw new ArgumentException("AcceptedSecrets are given, but no Secret. Make the one that is to stay the Secret.", nameof(options));
        }

        if (options.Tls is { ServerCertificate: null, ServerCertificateContext: null, ServerCertificateSelectionCallback: null })
        {
            throw new ArgumentException("Tls is set, but there is no server certificate in it. Set its ServerCertificate or ServerCertificateContext.", nameof(options));
        }

        _protectors = [options.CreateProtector(options.Secret), .. options.AcceptedSecrets.Select(options.CreateProtector)];
        RejectionLog = new RejectionLog(options.TimeProvider);
        Slots = options.MaxConcurrentCalls == int.MaxValue ? null : new CallSlots(options.MaxConcurrentCalls);
        _clock = Background.CreateTimer(options.TimeProvider, static self => ((PostOfficeServer)self!).OnTick(), this, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where the server listens, with the port that the system chose.</summary>
    /// <exception cref="InvalidOperationException">The server has not been started.</exception>
    public IPEndPoint LocalEndPoint { get => field ?? throw new InvalidOperationException("The server has no end point before StartAsync."); private set; }

    internal PostOfficeServerOptions Options { get; }

    internal MessageHandler Handler { get; }

    internal ILogger Logger { get; }

    /// <summary>What the first answer on each connection says of the server in its <c>meta</c>: JSON members. <see langword="null"/>: nothing.</summary>
    internal Func<byte[]>? Announce { get; init; }

    /// <summary>Called twice a second.</summary>
    internal Action? OnClock { get; init; }

    /// <summary>Fires when the calls that are left at the end of a stop are cut off.</summary>
    internal CancellationToken CutOff => _cutOff.Token;

    internal bool IsCutOff => _cutOff.IsCancellationRequested;

    /// <summary>The places among the running calls; <see langword="null"/> where their number is not limited.</summary>
    internal CallSlots? Slots { get; }

    /// <summary>A message may have to wait for its turn.</summary>
    internal bool LimitsCalls => Slots is not null;

    internal RejectionLog RejectionLog { get; }

    internal FrameBudget Budget { get; } = new(FrameBudget.DefaultMaxBytes);

    /// <summary>How many connections are open, or have calls that run on.</summary>
    internal int ConnectionCount => _connections.Count;

    /// <summary>What each connection holds of a frame that has begun, what of its replies the system has taken, and whether nothing but its peer will make it go on.</summary>
    internal IEnumerable<(int BufferedBytes, long SentBytes, bool IsAtRest)> ConnectionStates =>
        _connections.Values.Select(static connection => (connection.BufferedBytes, connection.Replies.SentBytes, connection.IsAtRest));

    /// <summary>How many messages have come.</summary>
    internal long ReceivedCount => Interlocked.Read(ref _receivedOnEnded) + _connections.Keys.Sum(static connection => connection.Received);

    /// <summary>How many messages run.</summary>
    internal int RunningCount => _connections.Keys.Sum(static connection => connection.Running);

    internal bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Begins to listen; clients can connect when it returns.</summary>
    /// <exception cref="InvalidOperationException">The server has been started before.</exception>
    /// <exception cref="SocketException">The address cannot be listened on: taken, not of this machine, not allowed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        IPAddress address = await ResolveAsync(cancellationToken).ConfigureAwait(false);
        CheckSecurity(address);
        lock (_gate)
        {
            if (_listener is not null)
            {
                throw new InvalidOperationException("The server has been started before. Make a new one to start again.");
            }

            ObjectDisposedException.ThrowIf(_stopped is not null, this);
            Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (address.Equals(IPAddress.IPv6Any))
                {
                    listener.DualMode = true;
                }

                listener.Bind(new IPEndPoint(address, _port));
                listener.Listen(Options.Backlog);
            }
            catch (SocketException e)
            {
                listener.Dispose();
                throw new SocketException((int)e.SocketErrorCode, $"Cannot listen on {new IPEndPoint(address, _port)}: {e.Message}. Give another address or port; port 0 takes any free one.");
            }
            catch
            {
                listener.Dispose();
                throw;
            }

            _listener = listener;
            LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
            Logger.Listening(LocalEndPoint);
            _accepting = ForeignCode.RunApart(() => AcceptAsync(listener));
            _clock.Change(ServerConnection.Tick, ServerConnection.Tick);
        }
    }

    /// <summary>
    /// Stops listening, lets the calls in flight finish and their answers leave, for at most <see cref="PostOfficeServerOptions.DrainTimeout"/>;
    /// then cuts off what is left. Further calls wait for the same stop. A message that is being processed may ask for it as well: the task then does not wait for that
    /// message, whose sender still gets the answer. Code that goes on after its message was answered waits for all.
    /// A synchronous method asks on its own thread: where it blocks on another thread that asks, the stop waits for the method.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting, that of others, too: what is left is cut off at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        Task stopped;
        lock (_gate)
        {
            stopped = _stopped ??= StopOnceAsync();
        }

        if (!stopped.IsCompleted && cancellationToken.CanBeCanceled)
        {
            HurryAsync(stopped, cancellationToken).Forget();
        }

        if (ForeignCode.Call?.TryAwaitStop(this) == true)
        {
            return Task.WhenAny(stopped, _othersDone.Task);
        }

        return stopped;
    }

    /// <summary>Stops the server as <see cref="StopAsync"/> does, and clears its keys.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (_stopped!.IsCompleted)
        {
            await EndAsync().ConfigureAwait(false);
        }
        else
        {
            // A message of this server is what disposes it: the rest comes when it is answered.
            EndAsync().Forget();
        }
    }

    private async Task EndAsync()
    {
        await _stopped!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _clock.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
        ClearKeysAsync().Forget();
    }

    /// <summary>Once the last call is done: one that was cut off may still be about to answer.</summary>
    private async Task ClearKeysAsync()
    {
        await Task.WhenAll(_connections.Values.Select(static connection => connection.Ended)).ConfigureAwait(false);
        Array.ForEach(_protectors, static protector => protector.Dispose());
    }

    /// <inheritdoc cref="RejectionLog.Count"/>
    internal bool CountRejection(string kind) => RejectionLog.Count(kind);

    internal void Remove(ServerConnection connection)
    {
        // In this order: for a moment there is one too few to be had, never one too many.
        if (connection.WasRefused)
        {
            Interlocked.Decrement(ref _refusedOpen);
        }

        if (_connections.TryRemove(connection, out _))
        {
            Interlocked.Add(ref _receivedOnEnded, connection.Received);
            Instruments.ServerConnectionsChanged(-1);
        }
    }

    /// <summary>What seals and opens the frames of one connection.</summary>
    internal IFrameProtector CreateProtector() => _protectors.Length == 1 ? _protectors[0] : new RotatingFrameProtector(_protectors);

    /// <summary>When the incomplete large frames of all connections are above their budget together, the one that holds most loses its connection.</summary>
    internal void CheckBudget()
    {
        if (!Budget.IsExceeded)
        {
            return;
        }

        ServerConnection? largest = _connections.Values.MaxBy(static connection => connection.BufferedBytes);
        if (largest is { IsCutOff: false })
        {
            // One that was cut off is about to give its bytes back: it is not counted again, and no other has to suffer for it.
            if (RejectionLog.Count("budget"))
            {
                Logger.OverBudget(largest.RemoteEndPoint);
            }

            largest.Abort();
        }
    }

    private async ValueTask<IPAddress> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(_host, out IPAddress? address))
        {
            return address;
        }

        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(_host, cancellationToken).ConfigureAwait(false);
            return addresses.FirstOrDefault(static a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        }
        catch (SocketException e)
        {
            throw new SocketException((int)e.SocketErrorCode, $"Cannot listen on {_host}:{_port}: {e.Message}. Give an address of this machine, or a name for one.");
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        using DescriptorReserve reserve = new DescriptorReserve(Options.TimeProvider);
        TimeSpan pause = ShortestAcceptPause;
        bool isShort = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (isShort && !reserve.MayAccept())
                {
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                }

                Socket socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                pause = isShort ? pause : ShortestAcceptPause;
                isShort = !reserve.MayAccept();
                Open(socket);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // That caller has gone again before it was accepted.
            }
            catch (Exception e)
            {
                // No descriptors left, for example: it passes when connections end.
                isShort = true;
                reserve.Release();
                Logger.CannotAccept(DurationText.Of(pause), e);
                await Task.Delay(pause, Options.TimeProvider, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 > LongestAcceptPause ? LongestAcceptPause : pause * 2;
            }
        }
    }

    /// <summary>Who has been let in by the system is in: to close the listener first would lose what they have sent by now.</summary>
    private void AcceptRest(Socket listener)
    {
        try
        {
            for (int i = 0; i < Options.Backlog && listener.Poll(0, SelectMode.SelectRead); i++)
            {
                Open(listener.Accept());
            }
        }
        catch (SocketException e)
        {
            Logger.CannotAccept(DurationText.Of(TimeSpan.Zero), e);
        }
    }

    private void Open(Socket socket)
    {
        ServerConnection connection;
        try
        {
            connection = new ServerConnection(this, new Transport(socket));
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            socket.Dispose();
            return;
        }

        if (_connections.Count - Volatile.Read(ref _refusedOpen) >= Options.MaxConnections)
        {
            Refuse(connection);
            return;
        }

        _connections.TryAdd(connection, connection);
        Instruments.ServerConnectionsChanged(1);
        Logger.Connected(connection.RemoteEndPoint);

        // Not here: the first message may have come already, and what it calls may block, which must not hold up the next caller.
        ThreadPool.UnsafeQueueUserWorkItem(static accepted => accepted.Start(), connection, preferLocal: false);
    }

    /// <summary>Tells a peer politely: one that is closed without a word would come again every second.</summary>
    private void Refuse(ServerConnection connection)
    {
        if (RejectionLog.Count("connections"))
        {
            Logger.TooManyConnections(connection.RemoteEndPoint, Options.MaxConnections);
        }

        if (Interlocked.Increment(ref _refusedOpen) > MaxRefusedOpen)
        {
            Interlocked.Decrement(ref _refusedOpen);
            connection.Drop();
            return;
        }

        _connections.TryAdd(connection, connection);
        Instruments.ServerConnectionsChanged(1);
        connection.StartRefusing(ErrorFrame.TooManyConnections);
    }

    private void CheckSecurity(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || Options.Secret is not null || Options.Tls is not null)
        {
            return;
        }

        if (Options.RequireSecurity)
        {
            throw new InvalidOperationException($"RequireSecurity is set, and {address} can be reached from other machines without Secret or Tls. Give the server one of them, or listen on 127.0.0.1.");
        }

        Logger.ListeningOpenly(address);
    }

    private void OnTick()
    {
        // On the timer's thread, where an exception would end the process.
        try
        {
            OnClock?.Invoke();
        }
        catch (Exception e)
        {
            Logger.TickFailed(null, e);
        }

        foreach (ServerConnection connection in _connections.Values)
        {
            try
            {
                connection.OnTick();
            }
            catch (Exception e)
            {
                Logger.TickFailed(connection.RemoteEndPoint, e);
            }
        }
    }

    /// <summary>Whoever waits for the stop may shorten it.</summary>
    private async Task HurryAsync(Task stopped, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static self => CallCancellation.Cancel(((PostOfficeServer)self!)._hurry, ((PostOfficeServer)self).Logger), this);
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StopOnceAsync()
    {
        if (_listener is null)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        AcceptRest(_listener);
        _listener.Dispose();
        ServerConnection[] connections = [.. _connections.Values];
        Logger.Draining(LocalEndPoint, connections.Length);
        Array.ForEach(connections, static connection => connection.BeginDrain());
        Task allEnded = Task.WhenAll(connections.Select(static connection => connection.Ended));
        using CancellationTokenSource timeUp = new(Options.DrainTimeout, Options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _hurry.Token);
        bool isShort = Options.DrainTimeout < 2 * GracePeriod && Options.DrainTimeout != Timeout.InfiniteTimeSpan;
        TimeSpan untilLook = isShort ? Options.DrainTimeout / 2 : GracePeriod;
        while (!allEnded.IsCompleted && !either.IsCancellationRequested)
        {
            await allEnded.WaitAsync(untilLook, Options.TimeProvider, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Array.ForEach(connections, static connection => connection.EndGrace());
            if (_connections.Values.All(static connection => connection.IsDoneButForStop))
            {
                _othersDone.TrySetResult();
            }
        }

        if (allEnded.IsCompleted)
        {
            return;
        }

        ServerConnection[] left = [.. _connections.Values];
        Logger.CutOff(left.Length, DurationText.Of(Options.DrainTimeout));
        CallCancellation.Cancel(_cutOff, Logger);
        Array.ForEach(left, static connection => connection.CutOff());
    }
}
