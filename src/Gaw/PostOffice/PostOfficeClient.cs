using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Logging;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Scheduling;
using Gaw.PostOffice.Sockets;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>
/// A client of messages over TCP: sends a JSON document in a frame, gets the JSON document of the answer. The lowest of Gaw's layers that can
/// be used alone; <c>GawClient</c> is what most programs want. Thread-safe; messages are answered in the order they were sent.
/// </summary>
public sealed class PostOfficeClient : IDisposable, IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly ReplyIdReader? _answerId;
    private readonly ILogger _logger;
    private readonly Lock _order = new();
    private readonly SocketConnector _connector;
    private readonly CapacityWait _capacity;

    /// <summary>Connects with the first message.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times.</param>
    public PostOfficeClient(string host, int port, PostOfficeClientOptions? options = null)
        : this(host, port, options ?? new PostOfficeClientOptions(), answerId: null, "Gaw.PostOffice")
    {
    }

    internal PostOfficeClient(string host, int port, PostOfficeClientOptions options, ReplyIdReader? answerId, string logCategory, CallIds? ids = null)
    {
        HostName.ThrowIfNone(host);
        if (port is < 1 or > IPEndPoint.MaxPort)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "Give the server's port, from 1 to 65535.");
        }

        _host = host;
        _port = port;
        _answerId = answerId;
        Options = options;
        _logger = SafeLogger.Create(options.LoggerFactory, logCategory);
        EndPoint = IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        Ids = ids ?? new CallIds(options.TimeProvider);
        Protector = options.CreateProtector(options.Secret);
        _connector = new SocketConnector(host, port);
        int maxConnections = answerId is null ? 1 : options.MaxConnections;
        Pool = new ConnectionPool(Open, maxConnections);
        _capacity = new CapacityWait(Pool, EndPoint, maxConnections, options.TimeProvider);
    }

    /// <summary>The server's address as it was given.</summary>
    public EndPoint EndPoint { get; }

    internal PostOfficeClientOptions Options { get; }

    internal IFrameProtector Protector { get; }

    internal CallIds Ids { get; }

    internal ConnectionPool Pool { get; }

    /// <summary>Calls that are open, and callers that wait for a connection.</summary>
    internal int Load => Pool.Connections.OpenCalls + _capacity.Count;

    /// <summary>How long one connection may take to be opened: of several servers each has its share of <see cref="PostOfficeClientOptions.ConnectTimeout"/>.</summary>
    internal TimeSpan ConnectTime
    {
        get => field == default ? Options.ConnectTimeout : field;
        init;
    }

    /// <summary>What the layer above does first on each connection, within its <see cref="ClientConnection.IntroductionTime"/>; may block.</summary>
    internal Action<ClientConnection>? Introduce { get; init; }

    /// <summary>Sends a message and waits for its answer.</summary>
    /// <param name="message">A JSON document, UTF-8.</param>
    /// <returns>The answer's JSON document, UTF-8.</returns>
    /// <exception cref="GawConnectionException">The server was not reached, or the connection was lost before the answer came.</exception>
    /// <exception cref="GawRemoteException">The server could not read the message.</exception>
    /// <exception cref="TimeoutException">No answer came within <see cref="PostOfficeClientOptions.CallTimeout"/>.</exception>
    public byte[] Send(ReadOnlyMemory<byte> message)
    {
        MessageCall call = new(synchronous: true, Options.CallTimeout);
        ClientConnection connection;
        Task<ClientConnection> sending = SendOnAsync(call, message, CancellationToken.None);
        using (BlockingWait.Enter())
        {
            connection = sending.GetAwaiter().GetResult();
        }

        connection.Wait(call, mayRead: true);
        return call.GetAnswer();
    }

    /// <inheritdoc cref="Send"/>
    public async Task<byte[]> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MessageCall call = new(synchronous: false, Options.CallTimeout);
        ClientConnection connection = await SendOnAsync(call, message, cancellationToken).ConfigureAwait(false);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) => connection.Abandon(call, new OperationCanceledException(token)), null);
        return await call.Answer.ConfigureAwait(false);
    }

    /// <summary>Closes the connections and clears the keys; calls that are open fail with a <see cref="GawConnectionException"/>.</summary>
    public void Dispose()
    {
        Pool.Dispose();
        Protector.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>After a call could not be sent: completes when it is worth trying again.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wasOpened">What this method returned the time before: a connection was opened for the call.</param>
    /// <param name="connectTime">How long the call may wait for a connection to be opened.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A connection was opened for the call.</returns>
    /// <exception cref="GawConnectionException">No connection could be made, or the server closes each at once; nothing was sent.</exception>
    /// <exception cref="TimeoutException">None was opened, or all were busy, until the call's deadline.</exception>
    internal Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken) => wasOpened && Pool.Connections.All.IsEmpty
        ? throw new GawConnectionException($"The server at {EndPoint} closed the connection before {call.Path} was sent.", EndPoint, CallExecution.NotRun)
        : _capacity.WaitAsync(call, connectTime, cancellationToken);

    private async Task<ClientConnection> SendOnAsync(MessageCall call, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        Deadline connecting = new(Options.ConnectTimeout);
        call.Began = Options.TimeProvider.GetTimestamp();
        for (bool opened = false; ;)
        {
            call.SentAt = Options.TimeProvider.GetTimestamp();
            Json.JsonWriter writer = MessageWriter.Rent(Options.MaxFrameBytes);
            writer.Append(message.Span);
            lock (_order)
            {
                // Answers carry no id here: the order of the keys has to be that of the frames.
                Ids.Next(out int key);
                call.Key = key;
                if (Pool.TrySend(call, writer) is { } connection)
                {
                    return connection;
                }
            }

            MessageWriter.Return(writer);
            opened = await WaitForCapacityAsync(call, opened, connecting.Rest, cancellationToken).ConfigureAwait(false);
        }
    }

    private ClientConnection Open(ConnectionPool pool, CancellationToken disposed)
    {
        Deadline deadline = new(ConnectTime);
        ConnectionContext context = new(EndPoint, Protector, _answerId, Options, _logger, pool.Record);
        ClientConnection connection = new(OpenTransport(deadline, disposed), context, pool.ReleaseWaiters, pool.Remove);
        Ids.Renew();
        try
        {
            connection.IntroductionTime = deadline.Rest;
            using CancellationTokenRegistration registration = disposed.UnsafeRegister(static connection => ((ClientConnection)connection!).Dispose(), connection);
            Introduce?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Transport OpenTransport(Deadline deadline, CancellationToken disposed)
    {
        Socket socket = OpenSocket(deadline, disposed);
        Transport? transport = null;
        try
        {
            transport = new Transport(socket);
            if (Options.Tls is { } tls)
            {
                // The handshake has several steps, each of which may take its time: what ends it is the deadline.
                using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(disposed);
                over.CancelAfter(deadline.Rest);
                using CancellationTokenRegistration registration = over.Token.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
                transport.BeginTls(ForHost(tls));
            }

            // What ends a send that the server does not take are the times of the calls, whose end closes the connection.
            socket.SendTimeout = 0;
            transport.ReceiveTimeout = 0;
            return transport;
        }
        catch (Exception e)
        {
            transport?.Dispose();
            socket.Dispose();
            if (!Transport.IsConnectionLoss(e))
            {
                throw;
            }

            string reason = deadline.IsOver ? "no TLS connection came about within ConnectTimeout" : e.Message;
            string advice = Options.Tls is null || Pool.Record.IsKnown ? "" : " Does the server serve TLS on this port, with a certificate that is trusted here and names this host?";
            throw new GawConnectionException($"Cannot connect to {_host}:{_port}: {reason.TrimEnd('.')}.{advice}", EndPoint, CallExecution.NotRun, e);
        }
    }

    /// <summary>The options with the host's name where none is given; the given ones may serve other clients, too.</summary>
    private SslClientAuthenticationOptions ForHost(SslClientAuthenticationOptions tls) => new()
    {
        TargetHost = string.IsNullOrEmpty(tls.TargetHost) ? _host : tls.TargetHost,
        EnabledSslProtocols = tls.EnabledSslProtocols == SslProtocols.None ? SslProtocols.Tls12 | SslProtocols.Tls13 : tls.EnabledSslProtocols,
        ApplicationProtocols = tls.ApplicationProtocols,
        CertificateChainPolicy = tls.CertificateChainPolicy,
        CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
        CipherSuitesPolicy = tls.CipherSuitesPolicy,
        ClientCertificateContext = tls.ClientCertificateContext,
        ClientCertificates = tls.ClientCertificates,
        LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
        RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        AllowTlsResume = tls.AllowTlsResume,
    };

    private Socket OpenSocket(Deadline deadline, CancellationToken disposed)
    {
        try
        {
            return _connector.Connect(deadline, disposed);
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            string advice = (e as SocketException)?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => " Is the server running, and on this port?",
                SocketError.HostNotFound => " Is the name of the host spelled like this?",
                _ => "",
            };
            throw new GawConnectionException($"Cannot connect to {_host}:{_port}: {e.Message}.{advice}", EndPoint, CallExecution.NotRun, e);
        }
    }

    /// <summary>A message whose answer is handed out as it is.</summary>
    private sealed class MessageCall : PendingCall
    {
        private readonly TaskCompletionSource<byte[]> _answer = new();
        private byte[] _document = [];

        public MessageCall(bool synchronous, TimeSpan timeout)
        {
            IsSynchronous = synchronous;
            Timeout = timeout;
        }

        public override string Path => "a message";

        public Task<byte[]> Answer => _answer.Task;

        public override bool TryRead(ReadOnlySpan<byte> answer)
        {
            _document = answer.ToArray();
            return true;
        }

        public byte[] GetAnswer()
        {
            Continue();
            return _answer.Task.GetAwaiter().GetResult();
        }

        protected override void Continue()
        {
            if (Error is null)
            {
                _answer.TrySetResult(_document);
            }
            else
            {
                _answer.TrySetException(Error);
            }
        }
    }
}
