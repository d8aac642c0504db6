using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gaw.Nats.Tests.Support;

/// <summary>Stands between one program and the engine, and loses or doubles what that program publishes.</summary>
public sealed class EngineProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _enginePort;
    private readonly Func<string, string, int> _copies;
    private readonly Task _accepting;

    /// <summary>Of the loop that accepts, until that has ended.</summary>
    private readonly List<Task> _running = [];

    private EngineProxy(int enginePort, Func<string, string, int> copies)
    {
        _enginePort = enginePort;
        _copies = copies;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Starts a proxy in front of the engine of an address.</summary>
    /// <param name="address">The engine's, with its prefix.</param>
    /// <param name="copies">Gets subject and text of each message that is published, one after the other; gives how often it gets through.</param>
    public static EngineProxy Start(string address, Func<string, string, int> copies) => new(new Uri(address).Port, copies);

    /// <summary>The same address, by way of the proxy.</summary>
    public string Through(string address) => new UriBuilder(address) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ToString();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient program = await _listener.AcceptTcpClientAsync(_end.Token);
            _running.Add(ServeAsync(program));
        }
    }

    private async Task ServeAsync(TcpClient program)
    {
        using (program)
        using (TcpClient engine = new())
        {
            await engine.ConnectAsync(IPAddress.Loopback, _enginePort, _end.Token);
            await Task.WhenAny(engine.GetStream().CopyToAsync(program.GetStream(), _end.Token), PassAsync(program.GetStream(), engine.GetStream()));
        }
    }

    private async Task PassAsync(Stream program, Stream engine)
    {
        BufferedStream source = new(program);
        while (await ReadLineAsync(source) is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int copies = 1;
            byte[] body = [];
            if (words[0] == "PUB")
            {
                body = new byte[int.Parse(words[^1], CultureInfo.InvariantCulture) + 2];
                await source.ReadExactlyAsync(body, _end.Token);
                copies = _copies(words[1], Encoding.UTF8.GetString(body));
            }

            for (; copies > 0; copies--)
            {
                await engine.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(line + "\r\n"), .. body], _end.Token);
            }
        }
    }

    private async Task<string?> ReadLineAsync(BufferedStream source)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (await source.ReadAsync(one, _end.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
