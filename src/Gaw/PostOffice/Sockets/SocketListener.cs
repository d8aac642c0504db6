using System.Net;
using System.Net.Sockets;
using Gaw.Logging;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Sockets;

/// <summary>Listens on one address, and hands on each socket that it accepts.</summary>
/// <param name="host">An address of this machine, or a name for one.</param>
/// <param name="port">The port; 0 lets the system choose one.</param>
/// <param name="options">Whose backlog, security and clock count.</param>
/// <param name="logger">Where it says what it does.</param>
/// <param name="accepted">Gets each socket, one at a time. Must not block: the next caller waits meanwhile.</param>
internal sealed class SocketListener(string host, int port, PostOfficeServerOptions options, ILogger logger, Action<Socket> accepted) : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ListeningPlace _place = new(host, port, options, logger);
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;

    public bool HasBegun => _socket is not null;

    /// <summary>Where it listens, with the port that the system chose.</summary>
    /// <exception cref="InvalidOperationException">It does not listen yet.</exception>
    public IPEndPoint LocalEndPoint { get => field ?? throw new InvalidOperationException("The server has no end point before StartAsync."); private set; }

    /// <inheritdoc cref="ListeningPlace.ResolveAsync"/>
    public ValueTask<IPAddress> ResolveAsync(CancellationToken cancellationToken) => _place.ResolveAsync(cancellationToken);

    /// <summary>Binds the address and begins to accept, on threads of the pool.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public void Start(IPAddress address)
    {
        Socket socket = _place.Bind(address);
        _socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;

        // Before anybody is told where: from then on connections may take the last descriptors.
        DescriptorReserve reserve = new(options.TimeProvider);
        logger.Listening(LocalEndPoint);
        _accepting = Background.RunApart(() => AcceptAsync(socket, reserve));
    }

    /// <summary>Accepts those whom the system has let in by now, and closes.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        AcceptRest(_socket!);
        _socket!.Dispose();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task AcceptAsync(Socket listener, DescriptorReserve reserve)
    {
        using DescriptorReserve owned = reserve;
        TimeSpan pause = ShortestPause;
        bool isShort = false;
        while (!_stopping.IsCancellationRequested)
        {
            bool mayAccept = true;
            try
            {
                if (isShort && !(mayAccept = reserve.MayAccept()))
                {
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                }

                Socket socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                pause = isShort ? pause : ShortestPause;
                isShort = !reserve.MayAccept();
                accepted(socket);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // That caller has gone again before it was accepted.
            }
            catch (Exception e)
            {
                // No descriptors left, for example: it passes when connections end.
                isShort = true;
                if (mayAccept)
                {
                    reserve.Release();
                }

                logger.CannotAccept(DurationText.Of(pause), e);
                await Task.Delay(pause, options.TimeProvider, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
            }
        }
    }

    /// <summary>Whom the system has let in is in: closing the listener first would lose the requests that they have sent by now.</summary>
    private void AcceptRest(Socket listener)
    {
        try
        {
            for (int i = 0; i < options.Backlog && listener.Poll(0, SelectMode.SelectRead); i++)
            {
                accepted(listener.Accept());
            }
        }
        catch (SocketException e)
        {
            logger.CannotAccept(DurationText.Of(TimeSpan.Zero), e);
        }
    }
}
