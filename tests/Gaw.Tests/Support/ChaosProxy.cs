using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gaw.Tests.Support;

/// <summary>A TCP proxy that treats what goes through it as <see cref="ToServer"/> and <see cref="ToClient"/> say.</summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly int[] _targets;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly ConcurrentQueue<Recording> _recordings = new();
    private readonly Tally _connections = new("connections");
    private readonly Tally _bytesToServer = new("bytes to the server");
    private readonly Tally _bytesToClient = new("bytes to the client");
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<int, (ChaosMode ToServer, ChaosMode ToClient)>? _choose;
    private readonly Task _accepting;

    private ChaosProxy(int[] targetPorts, ChaosMode? toServer, ChaosMode? toClient, Func<int, (ChaosMode ToServer, ChaosMode ToClient)>? choose = null)
    {
        _targets = targetPorts;
        _choose = choose;
        ToServer = toServer ?? ChaosMode.Pass;
        ToClient = toClient ?? ChaosMode.Pass;
        _listener = NewSocket();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Of 127.0.0.1: where clients connect.</summary>
    public int Port { get; }

    /// <summary>For the connections from now on: what happens to what a client sends.</summary>
    public ChaosMode ToServer { get; set; }

    /// <summary>For the connections from now on: what happens to what the server sends.</summary>
    public ChaosMode ToClient { get; set; }

    public long ConnectionCount => _connections.Value;

    /// <summary>For the connections from now on: keeps what clients send, as someone on the way could.</summary>
    public bool Records { get; set; }

    /// <summary>The whole frames, length lines included, that clients have sent on recorded connections.</summary>
    public IReadOnlyList<byte[]> RecordedFrames => [.. _recordings.SelectMany(static recording => recording.GetFrames())];

    /// <summary>Delivered, not merely received.</summary>
    public long BytesToServer => _bytesToServer.Value;

    /// <inheritdoc cref="BytesToServer"/>
    public long BytesToClient => _bytesToClient.Value;

    /// <summary>Is listening when this returns; goes to <paramref name="targetPort"/> of 127.0.0.1 once a client connects.</summary>
    public static ChaosProxy Start(int targetPort, ChaosMode? toServer = null, ChaosMode? toClient = null) => new([targetPort], toServer, toClient);

    /// <summary>As the other, for one address with several servers behind it, which get the connections in turn.</summary>
    public static ChaosProxy Start(int[] targetPorts) => new(targetPorts, null, null);

    /// <summary>As the other, with a treatment for each connection.</summary>
    /// <param name="targetPort">Of 127.0.0.1.</param>
    /// <param name="choose">Gets the connection's number, from 0; what it says goes before <see cref="ToServer"/> and <see cref="ToClient"/>.</param>
    public static ChaosProxy Start(int targetPort, Func<int, (ChaosMode ToServer, ChaosMode ToClient)> choose) => new([targetPort], null, null, choose);

    public Task WaitForConnectionsAsync(int count) => _connections.WaitForAsync(count);

    public Task WaitForBytesToServerAsync(long count) => _bytesToServer.WaitForAsync(count);

    public Task WaitForBytesToClientAsync(long count) => _bytesToClient.WaitForAsync(count);

    /// <summary>Lets every stalled direction, and those that would stall later, go on.</summary>
    public void Resume() => _resumed.TrySetResult();

    /// <summary>RST to both ends of every connection that is open now.</summary>
    public void ResetAll()
    {
        foreach (Link link in _links.Keys)
        {
            link.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting.WithinAsync(TestTimeouts.Limit, () => "the proxy did not stop accepting.");
        await Task.WhenAll(_running).WithinAsync(TestTimeouts.Limit, () => "a connection of the proxy did not end.");
        _stopping.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync(_stopping.Token);
                int number = (int)_connections.Add();
                (ChaosMode toServer, ChaosMode toClient) = _choose?.Invoke(number) ?? (ToServer, ToClient);
                Link link = new Link(client, NewSocket(), toServer, toClient);
                if (Records)
                {
                    _recordings.Enqueue(link.Recording = new Recording());
                }

                _running.Add(Task.Run(() => RunAsync(link, _targets[number % _targets.Length])));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(Link link, int target)
    {
        using (link)
        {
            _links[link] = true;
            try
            {
                await link.Server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), _stopping.Token);
                link.Server.NoDelay = link.Client.NoDelay = true;
                await Task.WhenAll(
                    PumpAsync(link, link.Client, link.Server, link.ToServer, _bytesToServer),
                    PumpAsync(link, link.Server, link.Client, link.ToClient, _bytesToClient));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                link.Reset();
            }
            finally
            {
                _links.TryRemove(link, out _);
            }
        }
    }

    /// <summary>One direction, to its end. A fault of one end becomes a reset of both, so that the other direction ends too.</summary>
    private async Task PumpAsync(Link link, Socket from, Socket to, ChaosMode mode, Tally delivered)
    {
        try
        {
            byte[] buffer = new byte[65536];
            long left = mode.Bytes;
            bool open = true;
            if (left == 0)
            {
                open = await BoundaryAsync(link, to, mode);
                left = long.MaxValue;
            }

            while (await from.ReceiveAsync(buffer, _stopping.Token) is > 0 and int count)
            {
                int now = (int)Math.Min(count, left);
                if (from == link.Client)
                {
                    link.Recording?.Add(buffer.AsSpan(0, count));
                }

                await DeliverAsync(buffer.AsMemory(0, now), to, mode, open && !link.IsCut, delivered);
                left -= now;
                if (left > 0)
                {
                    continue;
                }

                open = open && await BoundaryAsync(link, to, mode);
                left = long.MaxValue;
                await DeliverAsync(buffer.AsMemory(now, count - now), to, mode, open && !link.IsCut, delivered);
            }

            if (open && !link.IsCut)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            link.Reset();
        }
    }

    /// <returns>Whether this direction goes on.</returns>
    private async Task<bool> BoundaryAsync(Link link, Socket to, ChaosMode mode)
    {
        switch (mode.Kind)
        {
            case ChaosMode.ChaosKind.Reset:
                link.Reset();
                return false;
            case ChaosMode.ChaosKind.Cut:
                link.Cut();
                return false;
            case ChaosMode.ChaosKind.HalfClose:
                to.Shutdown(SocketShutdown.Send);
                return false;
            default:
                await _resumed.Task.WaitAsync(_stopping.Token);
                return true;
        }
    }

    private async Task DeliverAsync(ReadOnlyMemory<byte> bytes, Socket to, ChaosMode mode, bool open, Tally delivered)
    {
        if (!open || bytes.IsEmpty)
        {
            return;
        }

        if (mode.Kind == ChaosMode.ChaosKind.Delay)
        {
            await Task.Delay(mode.Wait, _stopping.Token);
        }

        int piece = mode.Kind == ChaosMode.ChaosKind.SingleBytes ? 1 : bytes.Length;
        while (!bytes.IsEmpty)
        {
            int sent = await to.SendAsync(bytes[..Math.Min(piece, bytes.Length)], _stopping.Token);
            delivered.Add(sent);
            bytes = bytes[sent..];
        }
    }

    /// <summary>What one client has sent.</summary>
    private sealed class Recording
    {
        private readonly List<byte> _bytes = [];

        public void Add(ReadOnlySpan<byte> bytes)
        {
            lock (_bytes)
            {
                _bytes.AddRange(bytes);
            }
        }

        public List<byte[]> GetFrames()
        {
            lock (_bytes)
            {
                List<byte[]> frames = [];
                for (int start = 0, feed; (feed = _bytes.IndexOf((byte)'\n', start)) >= 0;)
                {
                    int end = feed + 1 + int.Parse(Encoding.ASCII.GetString([.. _bytes[start..feed]]), CultureInfo.InvariantCulture);
                    if (end > _bytes.Count)
                    {
                        break;
                    }

                    frames.Add([.. _bytes[start..end]]);
                    start = end;
                }

                return frames;
            }
        }
    }

    private sealed class Link(Socket client, Socket server, ChaosMode toServer, ChaosMode toClient) : IDisposable
    {
        private volatile bool _isCut;

        public Socket Client => client;

        public Socket Server => server;

        public ChaosMode ToServer => toServer;

        public ChaosMode ToClient => toClient;

        public Recording? Recording { get; set; }

        /// <summary>Both ends have their FIN; what still comes is read and forgotten, for unread bytes would make a close a reset.</summary>
        public bool IsCut => _isCut;

        public void Cut()
        {
            _isCut = true;
            client.Shutdown(SocketShutdown.Send);
            server.Shutdown(SocketShutdown.Send);
        }

        public void Reset()
        {
            Abort(client);
            Abort(server);
        }

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }

        private static void Abort(Socket socket)
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }

            socket.Dispose();
        }
    }
}

/// <summary>What a <see cref="ChaosProxy"/> does to the bytes of one direction.</summary>
public sealed record ChaosMode
{
    private ChaosMode(ChaosKind kind) => Kind = kind;

    internal enum ChaosKind
    {
        Pass,
        SingleBytes,
        Delay,
        Reset,
        Cut,
        Stall,
        HalfClose,
    }

    /// <summary>Every byte as it comes; an end of stream goes on as one.</summary>
    public static ChaosMode Pass { get; } = new(ChaosKind.Pass);

    /// <summary>One write for each byte.</summary>
    public static ChaosMode SingleBytes { get; } = new(ChaosKind.SingleBytes);

    internal ChaosKind Kind { get; }

    internal long Bytes { get; private init; } = long.MaxValue;

    internal TimeSpan Wait { get; private init; }

    /// <summary>Every piece after a wait.</summary>
    public static ChaosMode Delay(TimeSpan wait) => new(ChaosKind.Delay) { Wait = wait };

    /// <summary>RST to both ends once this many bytes went through; 0 as soon as the connection stands.</summary>
    public static ChaosMode ResetAfter(long bytes) => new(ChaosKind.Reset) { Bytes = bytes };

    /// <summary>FIN to both ends once this many bytes went through.</summary>
    public static ChaosMode CutAfter(long bytes) => new(ChaosKind.Cut) { Bytes = bytes };

    /// <summary>Nothing more in this direction once this many bytes went through, until <see cref="ChaosProxy.Resume"/>; all stays open.</summary>
    public static ChaosMode StallAfter(long bytes) => new(ChaosKind.Stall) { Bytes = bytes };

    /// <summary>FIN in this direction once this many bytes went through; the other direction goes on.</summary>
    public static ChaosMode HalfCloseAfter(long bytes) => new(ChaosKind.HalfClose) { Bytes = bytes };
}
