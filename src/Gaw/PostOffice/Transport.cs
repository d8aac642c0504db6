using System.Net;
using System.Net.Sockets;

namespace Gaw.PostOffice;

/// <summary>The bytes of one TCP connection, blocking or asynchronous. Fails with <see cref="SocketException"/> or <see cref="IOException"/>.</summary>
internal sealed class Transport : IDisposable
{
    private const int TcpProtocol = 6;
    private const int TcpQuickAck = 12;

    private readonly Socket _socket;
    private bool _quickAckRefused = !OperatingSystem.IsLinux();

    public Transport(Socket socket)
    {
        socket.NoDelay = true;
        _socket = socket;
        RemoteEndPoint = socket.RemoteEndPoint;
    }

    /// <summary>The peer, as it was at the start; stays readable after the end.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>Waits for at least one byte; 0 at the end of the stream.</summary>
    public int Receive(Span<byte> buffer) => _socket.Receive(buffer);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _socket.ReceiveAsync(buffer);

    /// <summary>Sends some of the bytes, waiting for room if there is none.</summary>
    public int Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes);

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

    /// <summary>There are bytes, or the end of the stream, to be received without waiting.</summary>
    public bool IsReadable() => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>
    /// Acknowledges what came without the usual delay of 40 ms. A peer that writes a frame in two pieces with Nagle's algorithm on, as
    /// Python gaw does, waits for that before it sends the second. The kernel forgets the wish by itself; elsewhere than on Linux nothing happens.
    /// </summary>
    public void AcknowledgeNow()
    {
        if (_quickAckRefused)
        {
            return;
        }

        try
        {
            ReadOnlySpan<byte> on = [1, 0, 0, 0];
            _socket.SetRawSocketOption(TcpProtocol, TcpQuickAck, on);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _quickAckRefused = true;
        }
    }

    /// <summary>Bytes that can be received without waiting.</summary>
    public int Available => _socket.Available;

    /// <summary>Reads no more than what has come by now.</summary>
    public void ShutdownReceive() => Shutdown(SocketShutdown.Receive);

    /// <summary>Says that nothing more will be sent; the peer reads the end of the stream.</summary>
    public void ShutdownSend() => Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection in both directions: waiting receives and sends come back. The descriptor stays until <see cref="Dispose"/>.</summary>
    public void Shutdown() => Shutdown(SocketShutdown.Both);

    public void Dispose() => _socket.Dispose();

    /// <summary>The exception is the network's: the connection is lost, which is nobody's mistake.</summary>
    public static bool IsConnectionLoss(Exception exception) =>
        exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException;

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
