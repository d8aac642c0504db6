using System.Net;
using System.Net.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Sockets;

/// <summary>Several addresses at once; the first that answers wins, the others are closed.</summary>
/// <param name="connect">Connects to one address; blocks. Its token fires when another has won.</param>
/// <param name="deadline">The end of all attempts.</param>
/// <param name="disposed">The client was disposed.</param>
internal sealed class ConnectRace(Func<IPAddress, CancellationToken, Socket> connect, Deadline deadline, CancellationToken disposed) : IDisposable
{
    /// <summary>An address that has not answered by then gets company.</summary>
    private static readonly TimeSpan NextAfter = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(disposed);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _ended = new(0);
    private CancellationToken _overToken;

    /// <summary>Written under the gate, before the semaphore is released; pairs with the read of the thread that waits for that.</summary>
    private Socket? _winner;

    private Exception? _failure;
    private bool _isOver;

    public Socket Run(IPAddress[] addresses)
    {
        int running = 0;
        _overToken = _over.Token;
        try
        {
            foreach (IPAddress address in addresses)
            {
                running++;
                Background.Start(() => Try(address), "gaw connect");
                if (_ended.Wait(deadline.RestUpTo(NextAfter), disposed))
                {
                    running--;
                }

                if (Volatile.Read(ref _winner) is not null || deadline.IsOver)
                {
                    break;
                }
            }

            while (running > 0 && Volatile.Read(ref _winner) is null && _ended.Wait(deadline.Rest, disposed))
            {
                running--;
            }
        }
        finally
        {
            lock (_gate)
            {
                _isOver = true;
            }

            _over.Cancel();
        }

        return _winner ?? throw _failure ?? new SocketException((int)SocketError.TimedOut);
    }

    /// <summary>Not the semaphore: attempts that lose still release it.</summary>
    public void Dispose() => _over.Dispose();

    private void Try(IPAddress address)
    {
        Socket? socket = null;
        Exception? failure = null;
        try
        {
            socket = connect(address, _overToken);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_gate)
        {
            if (_isOver || _winner is not null)
            {
                socket?.Dispose();
            }
            else
            {
                _winner = socket;
                _failure ??= failure;
            }
        }

        _ended.Release();
    }
}
