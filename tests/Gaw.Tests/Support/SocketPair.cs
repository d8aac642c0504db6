using System.Net;
using System.Net.Sockets;
using Gaw.PostOffice.Sockets;

namespace Gaw.Tests.Support;

/// <summary>A TCP connection over loopback: at one end the <see cref="Transport"/> of the part that is tested, at the other a socket of the test.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Transport transport, Socket peer)
    {
        Transport = transport;
        Peer = peer;
    }

    public Transport Transport { get; }

    public Socket Peer { get; }

    public static SocketPair Create()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        peer.Connect(listener.LocalEndPoint!);
        peer.SendTimeout = peer.ReceiveTimeout = (int)TestTimeouts.Limit.TotalMilliseconds;
        return new SocketPair(new Transport(listener.Accept()), peer);
    }

    /// <summary>The peer sends all of it.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Peer.Send(bytes)..];
        }
    }

    public void Dispose()
    {
        Transport.Dispose();
        Peer.Dispose();
    }
}
