using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gaw.Benchmarks.Peers;

/// <summary>The limit: a blocking socket, one call at a time, the bytes of a Gaw call moved and not looked at.</summary>
internal sealed class BareSocketPeer : Peer
{
    public override string Name => AllPeers.Socket;

    public override Task<PeerServer> ServeAsync() => Task.FromResult(BareSocketServer.Start());

    public override ValueTask<PeerClient> ConnectAsync(int port) => new(new Client(port));

    /// <summary>Connects without a first asynchronous operation, after which a socket never really blocks again: it waits for the runtime's poll thread.</summary>
    public static Socket Connect(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>A connection for the calls that block, another one for those to be awaited.</summary>
    private sealed class Client(int port) : PeerClient
    {
        private readonly Socket _blocking = Connect(port);
        private readonly Socket _socket = Connect(port);
        private byte[] _buffer = new byte[64 * 1024];

        public override int Plus(int a, int b)
        {
            _blocking.Send(CannedFrames.Request);
            for (int got = 0; got < CannedFrames.Answer.Length;)
            {
                int count = _blocking.Receive(_buffer.AsSpan(got));
                got += count > 0 ? count : throw new IOException("The bare server closed the connection.");
            }

            return 3;
        }

        public override async ValueTask<int> PlusAsync(int a, int b)
        {
            await _socket.SendAsync(CannedFrames.Request);
            for (int got = 0; got < CannedFrames.Answer.Length;)
            {
                int count = await _socket.ReceiveAsync(_buffer.AsMemory(got));
                got += count > 0 ? count : throw new IOException("The bare server closed the connection.");
            }

            return 3;
        }

        public override async ValueTask<string> EchoTextAsync(string text)
        {
            byte[] frame = CannedFrames.Frame(text);
            if (_buffer.Length < frame.Length)
            {
                _buffer = new byte[frame.Length];
            }

            Task<int> sending = _socket.SendAsync(frame);
            for (int got = 0; got < frame.Length;)
            {
                int count = await _socket.ReceiveAsync(_buffer.AsMemory(got, frame.Length - got));
                got += count > 0 ? count : throw new IOException("The bare server closed the connection.");
            }

            await sending;
            CannedFrames.TryReadLength(_buffer, out int line, out int payload);
            return Encoding.UTF8.GetString(_buffer, line, payload);
        }

        public override ValueTask DisposeAsync()
        {
            _blocking.Dispose();
            _socket.Dispose();
            return default;
        }
    }
}
