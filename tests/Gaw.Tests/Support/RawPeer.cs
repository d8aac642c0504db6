using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gaw.Tests.Support;

/// <summary>One TCP connection on which a test writes and reads what it likes. Nothing here waits longer than a limit.</summary>
public class RawPeer : IAsyncDisposable
{
    private const int MaxLineBytes = 4096;
    private readonly Socket _socket;
    private readonly TimeSpan _limit;
    private readonly CancellationToken _stopping;
    private readonly List<byte> _unread = [];

    /// <param name="socket">Connected; this peer closes it.</param>
    /// <param name="code">How frames are protected; <see langword="null"/> is plain.</param>
    /// <param name="limit">How long a read or a write may take; <see langword="null"/> is <see cref="TestTimeouts.Limit"/>.</param>
    /// <param name="stopping">Ends every wait with an <see cref="OperationCanceledException"/>.</param>
    protected RawPeer(Socket socket, WireCode? code = null, TimeSpan? limit = null, CancellationToken stopping = default)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _limit = limit ?? TestTimeouts.Limit;
        _stopping = stopping;
        Code = code ?? WireCode.Plain;
    }

    public WireCode Code { get; }

    /// <summary>Connects to <paramref name="port"/> of 127.0.0.1.</summary>
    public static async Task<RawPeer> ConnectAsync(int port, WireCode? code = null)
    {
        Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)).WithinAsync(TestTimeouts.Limit, () => $"no connection to port {port} came about.");
            return new RawPeer(socket, code);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A plain frame around <paramref name="json"/>.</summary>
    public static byte[] Frame(string json) => WireCode.Plain.Frame(json);

    /// <summary>An id as .NET clients make them, a UUID of version 7, as JSON text.</summary>
    /// <param name="made">The time that it carries.</param>
    public static string NewId(DateTimeOffset made) =>
        (((UInt128)(ulong)made.ToUnixTimeMilliseconds() << 80) | ((UInt128)7 << 76) | ((UInt128)2 << 62) | (ulong)Random.Shared.NextInt64(1L << 60)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The document of a request as the original writes it.</summary>
    /// <param name="id">JSON text, as the other arguments but <paramref name="path"/>.</param>
    /// <param name="path">The text itself.</param>
    /// <param name="args">The items of the tuple, without brackets.</param>
    /// <param name="kwargs">The object with its braces.</param>
    public static string Request(string id, string path, string args = "", string kwargs = "{}") =>
        $$$"""{"_v": {"id": {{{id}}}, "path": {{{Quoted(path)}}}, "payload": {"args": {"_v": [{{{args}}}], "_t": "tuple"}, "kwargs": {{{kwargs}}}}}, "_t": "RequestDataType"}""";

    /// <summary>Makes a request without kwargs one of a .NET client, whose replies need not be in order: the connection is read while it runs.</summary>
    /// <param name="request">What <see cref="Request"/> gave.</param>
    /// <param name="members">The members of <c>meta</c>, without braces.</param>
    public static string WithMeta(string request, string members = "") => request.Replace("\"kwargs\": {}", $"\"kwargs\": {{}}, \"meta\": {{{members}}}", StringComparison.Ordinal);

    /// <summary>A JSON string of this text.</summary>
    public static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>Sends these bytes in one write.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            sent += await BoundedAsync(token => _socket.SendAsync(bytes.AsMemory(sent), token), () => $"the peer did not take {bytes.Length} bytes.");
        }
    }

    /// <summary>Sends this text as UTF-8, without a length line.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends this document as a frame in the mode of <see cref="Code"/>.</summary>
    public Task SendFrameAsync(string json) => SendAsync(Code.Frame(json));

    /// <summary>Sends a document and reads the next frame.</summary>
    public async Task<string?> AskAsync(string json)
    {
        await SendFrameAsync(json);
        return await ReadFrameAsync();
    }

    /// <returns>The next document, or <see langword="null"/> when the peer closed between two frames.</returns>
    /// <exception cref="InvalidDataException">What came is no frame in the mode of <see cref="Code"/>, or the stream ended within one.</exception>
    /// <exception cref="SocketException">The peer reset the connection.</exception>
    /// <exception cref="TimeoutException">No frame came in time.</exception>
    public async Task<string?> ReadFrameAsync(TimeSpan? limit = null) => await ReadPayloadAsync(limit) is { } payload ? Code.Open(payload) : null;

    /// <summary>As <see cref="ReadFrameAsync"/>, with the payload as it came.</summary>
    public async Task<byte[]?> ReadPayloadAsync(TimeSpan? limit = null)
    {
        while (true)
        {
            int feed = _unread.IndexOf((byte)'\n');
            if (feed >= 0)
            {
                string line = Encoding.Latin1.GetString([.. _unread[..feed]]);
                if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int size))
                {
                    throw new InvalidDataException($"\"{line}\" is no length line.");
                }

                if (_unread.Count > feed + size)
                {
                    byte[] payload = [.. _unread.GetRange(feed + 1, size)];
                    _unread.RemoveRange(0, feed + 1 + size);
                    return payload;
                }
            }
            else if (_unread.Count > MaxLineBytes)
            {
                throw new InvalidDataException($"No line feed in the first {_unread.Count} bytes.");
            }

            if (!await ReceiveAsync(limit, "no whole frame came"))
            {
                return _unread.Count == 0 ? null : throw new InvalidDataException($"The stream ended within a frame, after {_unread.Count} bytes: {Shown()}");
            }
        }
    }

    /// <summary>Takes what has come, <paramref name="bytes"/> at most, and keeps it for <see cref="ReadFrameAsync"/>.</summary>
    /// <returns>How many bytes were taken; 0 at the end of the stream.</returns>
    public async Task<int> ReadSomeAsync(int bytes)
    {
        int before = _unread.Count;
        while (_unread.Count - before < bytes && await ReceiveAsync(null, "nothing came") && _socket.Available > 0)
        {
        }

        return _unread.Count - before;
    }

    /// <returns>All that comes up to the orderly end of the stream.</returns>
    /// <exception cref="SocketException">The peer reset the connection.</exception>
    public async Task<byte[]> ReadToEndAsync(TimeSpan? limit = null)
    {
        while (await ReceiveAsync(limit, "the peer did not close"))
        {
        }

        byte[] all = [.. _unread];
        _unread.Clear();
        return all;
    }

    /// <summary>Reads until the peer has closed, be it in order or by a reset, as it becomes when a peer closes with bytes unread.</summary>
    /// <returns>The documents that came before.</returns>
    public async Task<IReadOnlyList<string>> ReadFramesUntilClosedAsync(TimeSpan? limit = null)
    {
        List<string> documents = [];
        try
        {
            while (await ReadFrameAsync(limit) is { } document)
            {
                documents.Add(document);
            }
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }

        return documents;
    }

    /// <summary>Ends the write side; reading goes on.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes by a reset (RST): what is not delivered yet is lost.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Closes in order (FIN).</summary>
    public void Close() => _socket.Close();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReceiveAsync(TimeSpan? limit, string otherwise)
    {
        byte[] buffer = new byte[65536];
        int count = await BoundedAsync(token => _socket.ReceiveAsync(buffer, token), () => $"{otherwise}; {_unread.Count} bytes had come: {Shown()}", limit);
        _unread.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }

    private async Task<int> BoundedAsync(Func<CancellationToken, ValueTask<int>> work, Func<string> otherwise, TimeSpan? limit = null)
    {
        using CancellationTokenSource timely = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        timely.CancelAfter(limit ?? _limit);
        try
        {
            return await work(timely.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            throw new TimeoutException($"Within {(limit ?? _limit).TotalSeconds:0.###} s {otherwise()}");
        }
    }

    private string Shown() => Encoding.Latin1.GetString([.. _unread.Take(200)]);
}
