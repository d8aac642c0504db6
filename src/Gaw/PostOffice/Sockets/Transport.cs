using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Gaw.PostOffice.Sockets;

/// <summary>The bytes of one TCP connection, in the clear or inside TLS, blocking or asynchronous. Fails with <see cref="SocketException"/> or <see cref="IOException"/>.</summary>
internal sealed class Transport : IDisposable
{
    /// <summary>Two records of the largest size (RFC 8446, section 5.1): one to be handed out, one that is coming in.</summary>
    private const int MaxTlsHeldBytes = 2 * 16 * 1024;

    private readonly Socket _socket;
    private SslStream? _tls;
    private bool _quickAckRefused = !OperatingSystem.IsLinux();
    private int? _unblockedSlice;

    public Transport(Socket socket)
    {
        TcpOptions.Apply(socket);
        _socket = socket;
        RemoteEndPoint = socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : socket.RemoteEndPoint;
    }

    /// <summary>The peer, as it was at the start; stays readable after the end.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The certificate that the peer has shown inside TLS.</summary>
    public X509Certificate2? PeerCertificate => _tls?.RemoteCertificate as X509Certificate2;

    /// <summary>The connection is inside TLS, whose own messages can make the socket readable.</summary>
    public bool IsTls => _tls is not null;

    /// <summary>How long <see cref="Receive"/> waits, in milliseconds; 0 without end.</summary>
    public int ReceiveTimeout
    {
        get => field;
        set
        {
            if (field != value)
            {
                _socket.ReceiveTimeout = value;
                field = value;
            }
        }
    }

    /// <summary>Bytes that can be received without waiting.</summary>
    public int Available => _socket.Available;

    /// <summary>The most that may have come by now and not been received: TLS may hold some of it, and needs some of it for itself.</summary>
    public int MaxUnread => Available + (_tls is null ? 0 : MaxTlsHeldBytes);

    /// <summary>Begins TLS as the server.</summary>
    /// <exception cref="AuthenticationException">The peer does not speak TLS, or one of the two does not trust the other.</exception>
    public Task BeginTlsAsync(SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        _tls = new SslStream(new NetworkStream(_socket));
        return _tls.AuthenticateAsServerAsync(options, cancellationToken);
    }

    /// <summary>Begins TLS as the client; blocks.</summary>
    /// <exception cref="AuthenticationException">The peer does not speak TLS, or one of the two does not trust the other.</exception>
    public void BeginTls(SslClientAuthenticationOptions options)
    {
        _tls = new SslStream(new NetworkStream(_socket));
        _tls.AuthenticateAsClient(options);
    }

    /// <summary>Waits for at least one byte; 0 at the end of the stream.</summary>
    public int Receive(Span<byte> buffer) => _tls is null ? _socket.Receive(buffer) : _tls.Read(buffer);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _tls is null ? _socket.ReceiveAsync(buffer) : _tls.ReadAsync(buffer);

    /// <summary>Sends some of the bytes, waiting for room if there is none.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is null)
        {
            return _socket.Send(bytes);
        }

        _tls.Write(bytes);
        return bytes.Length;
    }

    /// <summary>Sends some of the bytes, as many as the system takes at once.</summary>
    /// <param name="bytes">What is to be sent.</param>
    /// <param name="patience">How long to wait for room, in milliseconds.</param>
    /// <returns>0: there is no room, or none can be told, as inside TLS, whose records must be sent whole.</returns>
    public int TrySend(ReadOnlySpan<byte> bytes, int patience) => _tls is null && _socket.Poll(patience * 1000, SelectMode.SelectWrite)
        ? _socket.Send(bytes[..Math.Min(bytes.Length, _unblockedSlice ??= TcpOptions.GetUnblockedSlice(_socket))])
        : 0;

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _tls is null ? _socket.SendAsync(bytes) : SendTlsAsync(_tls, bytes);

    /// <summary>There are bytes, or the end of the stream, to be received without waiting. Inside TLS they may be messages of TLS itself.</summary>
    /// <param name="patience">How long to wait for them; by default not at all.</param>
    public bool IsReadable(TimeSpan patience = default) => _socket.Poll(patience, SelectMode.SelectRead);

    /// <summary>
    /// Acknowledges what came without the usual delay of 40 ms. A peer that writes a frame in two pieces with Nagle's algorithm on, as
    /// Python gaw does, waits for that before it sends the second. The kernel forgets the wish by itself; elsewhere than on Linux nothing happens.
    /// </summary>
    public void AcknowledgeNow()
    {
        if (!_quickAckRefused)
        {
            _quickAckRefused = !TcpOptions.TryAcknowledgeNow(_socket);
        }
    }

    /// <summary>Waits for the first byte, of TLS or else.</summary>
    /// <returns><see langword="false"/>: the peer has closed before.</returns>
    public async ValueTask<bool> AwaitFirstByteAsync(CancellationToken cancellationToken)
    {
        await _socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        return Available > 0;
    }

    /// <summary>What the system knows of the peer's end, while nobody receives: what it has sent before may lie unread in front of it.</summary>
    public PeerState GetPeerState() => TcpOptions.GetPeerState(_socket);

    /// <summary>Reads no more than what has come by now.</summary>
    public void ShutdownReceive() => Shutdown(SocketShutdown.Receive);

    /// <summary>Says that nothing more will be sent; the peer reads the end of the stream.</summary>
    public void ShutdownSend() => Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection in both directions: waiting receives and sends come back. The descriptor stays until <see cref="Dispose"/>.</summary>
    public void Shutdown() => Shutdown(SocketShutdown.Both);

    public void Dispose()
    {
        _socket.Dispose();
        _tls?.Dispose();
    }

    /// <summary>The exception is the network's: the connection is lost, which is nobody's mistake.</summary>
    public static bool IsConnectionLoss(Exception exception) =>
        exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException;

    /// <summary>Sending failed because the peer has closed: what it had sent before can still be received, and then the end.</summary>
    public static bool IsPeerGone(Exception exception) =>
        (exception as SocketException ?? exception.InnerException as SocketException)?.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;

    private static async ValueTask<int> SendTlsAsync(SslStream tls, ReadOnlyMemory<byte> bytes)
    {
        await tls.WriteAsync(bytes).ConfigureAwait(false);
        return bytes.Length;
    }

    private void Shutdown(SocketShutdown directions)
    {
        try
        {
            _socket.Shutdown(directions);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is gone already.
        }
    }
}
