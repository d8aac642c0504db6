using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gaw.PostOffice.Framing;
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
    private readonly AnswerId? _answerId;
    private readonly ILogger _logger;
    private readonly Lock _order = new();

    /// <summary>Connects with the first message.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times.</param>
    public PostOfficeClient(string host, int port, PostOfficeClientOptions? options = null)
        : this(host, port, options ?? new PostOfficeClientOptions(), answerId: null, "Gaw.PostOffice")
    {
    }

    internal PostOfficeClient(string host, int port, PostOfficeClientOptions options, AnswerId? answerId, string logCategory, CallIds? ids = null)
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
        Pool = new ConnectionPool(Open, answerId is null ? 1 : options.MaxConnections, options.TimeProvider);
    }

    /// <summary>The server's address as it was given.</summary>
    public EndPoint EndPoint { get; }

    internal PostOfficeClientOptions Options { get; }

    internal IFrameProtector Protector { get; }

    internal CallIds Ids { get; }

    internal ConnectionPool Pool { get; }

    /// <summary>What the layer above does first on each connection; may block.</summary>
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
        SendOnAsync(call, message, CancellationToken.None).GetAwaiter().GetResult().Wait(call, mayRead: true);
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
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A connection was opened for the call.</returns>
    /// <exception cref="GawConnectionException">No connection could be made, or the server closes each at once; nothing was sent.</exception>
    /// <exception cref="TimeoutException">None was opened, or all were busy, for as long as the call would wait for its answer.</exception>
    internal Task<bool> MakeRoomAsync(OutboundCall call, bool wasOpened, CancellationToken cancellationToken) => wasOpened && !Pool.IsConnected
        ? throw new GawConnectionException($"The server at {EndPoint} closed the connection before {call.Path} was sent.", EndPoint, CallExecution.NotRun)
        : Pool.MakeRoomAsync(call.Timeout, cancellationToken);

    private async Task<ClientConnection> SendOnAsync(MessageCall call, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        for (bool opened = false; ;)
        {
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
            opened = await MakeRoomAsync(call, opened, cancellationToken).ConfigureAwait(false);
        }
    }

    private ClientConnection Open(ConnectionPool pool)
    {
        ClientConnection connection = new(pool, OpenTransport(), EndPoint, Protector, _answerId, Options, _logger);
        Ids.Renew();
        try
        {
            Introduce?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Transport OpenTransport()
    {
        Socket socket = OpenSocket();
        Transport? transport = null;
        try
        {
            transport = new Transport(socket);
            if (Options.Tls is { } tls)
            {
                transport.ReceiveTimeout = ToMilliseconds(Options.ConnectTimeout);
                transport.BeginTls(ForHost(tls));
            }

            socket.SendTimeout = ToMilliseconds(Options.CallTimeout);
            transport.ReceiveTimeout = 0;
            return transport;
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            transport?.Dispose();
            socket.Dispose();
            string advice = Options.Tls is null ? "" : " Does the server serve TLS on this port, with a certificate that is trusted here and names this host?";
            throw new GawConnectionException($"Cannot connect to {_host}:{_port}: {e.Message}{advice}", EndPoint, CallExecution.NotRun, e);
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

    private Socket OpenSocket()
    {
        Exception? failure = null;
        try
        {
            foreach (IPAddress address in IPAddress.TryParse(_host, out IPAddress? given) ? [given] : Dns.GetHostAddresses(_host))
            {
                Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    // The time-out of a blocking connect is the socket's for sending.
                    socket.SendTimeout = ToMilliseconds(Options.ConnectTimeout);
                    socket.Connect(new IPEndPoint(address, _port));
                    return socket;
                }
                catch (SocketException e)
                {
                    failure = e;
                    socket.Dispose();
                }
            }
        }
        catch (SocketException e)
        {
            failure = e;
        }

        string advice = failure is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? " Is the server running, and on this port?" : "";
        throw new GawConnectionException($"Cannot connect to {_host}:{_port}: {failure?.Message ?? "the name has no address"}.{advice}", EndPoint, CallExecution.NotRun, failure);
    }

    private static int ToMilliseconds(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (int)timeout.TotalMilliseconds);

    /// <summary>A message whose answer is handed out as it is.</summary>
    private sealed class MessageCall : OutboundCall
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

        public override bool TryReadAnswer(ReadOnlySpan<byte> answer)
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
