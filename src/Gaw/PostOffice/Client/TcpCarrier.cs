using System.Net;
using Gaw.Json;
using Gaw.PostOffice.Addresses;
using Gaw.PostOffice.Client.Pooling;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Sockets;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Client;

/// <summary>Carries calls over TCP: a pool of connections to one server.</summary>
internal sealed class TcpCarrier : RequestCarrier
{
    private readonly ConnectionFactory _connections;
    private readonly ConnectionPool _pool;
    private readonly ConnectionChoice _choice;
    private readonly CapacityWait _capacity;

    /// <param name="host">The server's address or name.</param>
    /// <param name="port">The server's TCP port.</param>
    /// <param name="options">Limits and times.</param>
    /// <param name="replyId">Reads the id of a reply; <see langword="null"/>: replies have none.</param>
    /// <param name="ids">Gives the ids of calls.</param>
    /// <param name="logger">Where it says what it does.</param>
    /// <param name="name">What the server's certificate is for, where the host is an address that was looked up; <see langword="null"/>: the host.</param>
    public TcpCarrier(string host, int port, PostOfficeClientOptions options, ReplyIdReader? replyId, CallIds ids, ILogger logger, string? name = null)
        : base(GetEndPoint(host, port), options.MaxFrameBytes)
    {
        Protector = options.CreateProtector(options.Secret);
        TransportOpener opener = new(host, port, EndPoint, options.Tls, name ?? host);
        _connections = new ConnectionFactory(EndPoint, opener, Protector, replyId, options, ids, logger);

        // Without ids replies come in the order of the requests, on one connection.
        int maxConnections = replyId is null ? 1 : options.MaxConnections;
        _pool = new ConnectionPool(_connections.Open);
        _choice = new ConnectionChoice(_pool, maxConnections);
        _capacity = new CapacityWait(_pool, _choice, EndPoint, maxConnections, options.TimeProvider);
    }

    /// <summary>Seals requests and opens replies; its keys end with the carrier.</summary>
    public IFrameProtector Protector { get; }

    /// <summary>How long one connection may take to be opened: of several servers each has its share of <see cref="PostOfficeClientOptions.ConnectTimeout"/>.</summary>
    public TimeSpan ConnectTime { init => _connections.ConnectTime = value; }

    /// <inheritdoc cref="ConnectionFactory.Probe"/>
    public Action<CallRoute, TimeSpan>? Probe { init => _connections.Probe = value; }

    /// <inheritdoc/>
    public override object? Server => _pool.Record.Server;

    /// <inheritdoc/>
    public override CallRoute? Next => _pool.Connections.Next;

    /// <inheritdoc/>
    public override int Load => OpenCalls + _capacity.Count;

    /// <summary>Calls that are open.</summary>
    public int OpenCalls => _pool.Connections.OpenCalls;

    /// <inheritdoc/>
    public override bool TakesCalls => _pool.Connections.TakesCalls;

    /// <inheritdoc/>
    public override bool IsOpening => _pool.IsOpening;

    /// <inheritdoc cref="ConnectionPool.IsRetired"/>
    public bool IsRetired
    {
        get => _pool.IsRetired;
        set => _pool.IsRetired = value;
    }

    /// <inheritdoc/>
    public override Action<bool>? OnOpened
    {
        get => _pool.OnOpened;
        set => _pool.OnOpened = value;
    }

    /// <inheritdoc/>
    public override void Prepare() => _pool.Prepare();

    /// <inheritdoc/>
    public override CallRoute? FindUsable(long now) => _choice.FindUsable(now);

    /// <inheritdoc/>
    public override CallRoute? TrySend(PendingCall call, JsonWriter message) => _choice.TrySend(call, message);

    /// <inheritdoc/>
    public override bool TrySend(CallRoute route, PendingCall call, JsonWriter message) => _choice.TrySend((ClientConnection)route, call, message);

    /// <inheritdoc/>
    public override Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken) => _pool.IsRetired
        ? throw new GawConnectionException($"The server at {EndPoint} is none of its name's any more; {call.Path} was not sent.", EndPoint, CallExecution.NotRun) { WasStale = true }
        : wasOpened && _pool.WasClosedByServer
        ? throw new GawConnectionException($"The server at {EndPoint} closed the connection before {call.Path} was sent.", EndPoint, CallExecution.NotRun)
        : _capacity.WaitAsync(call, connectTime, cancellationToken);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _pool.Dispose();
        Protector.Dispose();
    }

    private static EndPoint GetEndPoint(string host, int port)
    {
        HostName.ThrowIfNone(host);
        return port is < 1 or > IPEndPoint.MaxPort ? throw new ArgumentOutOfRangeException(nameof(port), port, "Give the server's port, from 1 to 65535.")
            : AddressEndPoint.Of(new ServerAddress(ServerAddress.Tcp, host, port));
    }
}
