using System.Net;
using System.Net.Sockets;

namespace Gaw.Benchmarks.Peers;

/// <summary>
/// The server of both bare sockets: a thread for each connection, which receives what is there, answers every whole frame and sends all answers
/// together. It knows a call by its length and answers with canned bytes and the call's key; any other frame goes back as it came.
/// </summary>
internal sealed class BareSocketServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private BareSocketServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public static PeerServer Start()
    {
        BareSocketServer server = new();
        return new PeerServer(((IPEndPoint)server._listener.LocalEndPoint!).Port, server);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return default;
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.Accept();
                new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private static void Serve(Socket socket)
    {
        using Socket connection = socket;
        connection.NoDelay = true;
        byte[] received = new byte[64 * 1024];
        byte[] answers = new byte[64 * 1024];
        int end = 0;
        try
        {
            while (true)
            {
                int count = connection.Receive(received.AsSpan(end));
                if (count == 0)
                {
                    return;
                }

                end += count;
                int start = 0;
                int answered = 0;
                int wanted = 0;
                while (CannedFrames.TryReadLength(received.AsSpan(start, end - start), out int line, out int payload)
                    && (wanted = line + payload) <= end - start)
                {
                    ReadOnlySpan<byte> frame = received.AsSpan(start, wanted);
                    bool isCall = wanted == CannedFrames.Request.Length;
                    if (!isCall || answers.Length - answered < CannedFrames.Answer.Length)
                    {
                        SendAll(connection, answers.AsSpan(0, answered));
                        answered = 0;
                    }

                    if (isCall)
                    {
                        Span<byte> answer = answers.AsSpan(answered, CannedFrames.Answer.Length);
                        CannedFrames.Answer.CopyTo(answer);
                        frame.Slice(CannedFrames.RequestKeyAt, CannedFrames.KeyDigits).CopyTo(answer[CannedFrames.AnswerKeyAt..]);
                        answered += answer.Length;
                    }
                    else
                    {
                        SendAll(connection, frame);
                    }

                    start += wanted;
                    wanted = 0;
                }

                SendAll(connection, answers.AsSpan(0, answered));
                received.AsSpan(start, end - start).CopyTo(received);
                end -= start;
                if (wanted > received.Length || end == received.Length)
                {
                    Array.Resize(ref received, Math.Max(wanted, received.Length * 2));
                }
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
