using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks.Smoke;

/// <summary>Makes sure that the bare sockets move the bytes that Gaw moves: otherwise they would be a limit of something else.</summary>
internal static partial class WireCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        await CheckRequestAsync(limit.Token);
        await CheckAnswerAsync(limit.Token);
    }

    /// <summary>A Gaw client sends the canned request, and takes the canned answer for 3.</summary>
    private static async Task CheckRequestAsync(CancellationToken cancellationToken)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        await using PeerClient client = await AllPeers.Find(AllPeers.Gaw).ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port);
        Task<int> call = Task.Run(async () => await client.PlusAsync(1, 2), cancellationToken);
        using Socket socket = await listener.AcceptSocketAsync(cancellationToken);
        string request = await ReadFrameAsync(socket, cancellationToken);
        Compare("request", request, CannedFrames.Request);
        string id = Ids().Match(request).Value;
        await socket.SendAsync(Encoding.ASCII.GetBytes(Ids().Replace(Encoding.ASCII.GetString(CannedFrames.Answer), id)), cancellationToken);
        int sum = await call.WaitAsync(cancellationToken);
        if (sum != 3)
        {
            throw new InvalidOperationException($"A Gaw client took the bare socket's answer for {sum}.");
        }
    }

    /// <summary>A Gaw server gives the canned answer to the canned request.</summary>
    private static async Task CheckAnswerAsync(CancellationToken cancellationToken)
    {
        PeerServer server = await AllPeers.Find(AllPeers.Gaw).ServeAsync();
        await using IAsyncDisposable running = server.Server;
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await socket.SendAsync(CannedFrames.Request, cancellationToken);

        // The first answer of a connection also says what the server can do.
        await ReadFrameAsync(socket, cancellationToken);
        await socket.SendAsync(CannedFrames.Request, cancellationToken);
        Compare("answer", await ReadFrameAsync(socket, cancellationToken), CannedFrames.Answer);
    }

    private static async Task<string> ReadFrameAsync(Socket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        for (int end = 0; ;)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(end), cancellationToken);
            end += count > 0 ? count : throw new InvalidOperationException("The connection was closed in the middle of a frame.");
            if (CannedFrames.TryReadLength(buffer.AsSpan(0, end), out int line, out int payload) && line + payload == end)
            {
                return Encoding.ASCII.GetString(buffer, 0, end);
            }
        }
    }

    private static void Compare(string what, string met, byte[] canned)
    {
        if (WithoutVariables(met) != WithoutVariables(Encoding.ASCII.GetString(canned)))
        {
            throw new InvalidOperationException($"The bare sockets' {what} is no longer that of Gaw; put what Gaw sends into {nameof(CannedFrames)}:\n{met}");
        }
    }

    /// <summary>The document, its id and the time that is left for the call aside: a first call has spent some of it on connecting.</summary>
    private static string WithoutVariables(string frame) =>
        TimeLeft().Replace(Ids().Replace(frame[(frame.IndexOf('\n', StringComparison.Ordinal) + 1)..], static id => new string('0', id.Length)), "");

    [GeneratedRegex("""(?<="timeout_ms": )[0-9]+""")]
    private static partial Regex TimeLeft();

    [GeneratedRegex("[0-9]{30,}")]
    private static partial Regex Ids();
}
