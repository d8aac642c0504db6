using System.Net;
using System.Net.Sockets;

namespace Gaw.Tests.Support;

/// <summary>Addresses at which no call is answered, each in its own way.</summary>
public sealed class DeadServer : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Socket> _held = [];

    private DeadServer(IPAddress address)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address, 0));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public IPAddress Address => ((IPEndPoint)_listener.LocalEndPoint!).Address;

    /// <summary>Every connect is refused.</summary>
    public static DeadServer Refusing() => new(IPAddress.Loopback);

    /// <summary>Connects succeed, nobody accepts them, reads or answers.</summary>
    public static DeadServer Silent()
    {
        DeadServer server = new(IPAddress.Loopback);
        server._listener.Listen(512);
        return server;
    }

    /// <summary>A connect has no end, as with a host that is gone: the backlog of a listener is full.</summary>
    public static async Task<DeadServer> BlackHoleAsync(IPAddress? address = null)
    {
        DeadServer server = new(address ?? IPAddress.Loopback);
        server._listener.Listen(1);
        bool full = false;
        while (!full && server._held.Count < 600)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            server._held.Add(socket);
            Task connecting = socket.ConnectAsync(server._listener.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask();
            full = await Task.WhenAny(connecting, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken)) != connecting;
        }

        Assert.SkipUnless(full, "This system's backlog has no end that could be reached.");
        return server;
    }

    public static async Task<DeadServer> NamedAsync(string kind) => kind switch
    {
        "refuses" => Refusing(),
        "accepts in silence" => Silent(),
        _ => await BlackHoleAsync(),
    };

    public void Dispose()
    {
        _held.ForEach(static socket => socket.Dispose());
        _listener.Dispose();
    }
}
