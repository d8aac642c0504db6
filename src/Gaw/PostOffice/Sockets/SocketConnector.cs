using System.Net;
using System.Net.Sockets;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice.Sockets;

/// <summary>
/// Connects to one host, blocking: a socket that is to block later must not be connected asynchronously. The time that is given covers the name's
/// look-up and all its addresses. They are tried one after the other, the one that was good last first, and the next one beside it
/// where one has not answered soon (RFC 8305).
/// </summary>
internal sealed class SocketConnector(string host, int port)
{
    /// <summary>An address that has not answered by then gets company.</summary>
    private static readonly TimeSpan NextAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Pairs with the read at the next connect, perhaps on another thread; without it the order of addresses is as good as the first time.</summary>
    private volatile IPAddress? _lastGood;

    /// <summary>Gives the addresses of a name; blocks.</summary>
    internal Func<string, IPAddress[]> LookUp { get; init; } = Dns.GetHostAddresses;

    /// <exception cref="SocketException">No address has answered in time, all have refused, or the name has none.</exception>
    /// <exception cref="OperationCanceledException">The client was disposed.</exception>
    public Socket Connect(Deadline deadline, CancellationToken disposed)
    {
        IPAddress[] addresses = Order(GetAddresses(deadline, disposed), _lastGood, host);
        Socket socket = addresses.Length switch
        {
            0 => throw new SocketException((int)SocketError.HostNotFound),
            1 => ConnectTo(addresses[0], deadline, disposed),
            _ => RaceTo(addresses, deadline, disposed),
        };
        _lastGood = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        return socket;
    }

    /// <summary>The order in which addresses are tried: the last good one, then families in turn, as the resolver has ordered them; a local server listens on IPv4 first.</summary>
    internal static IPAddress[] Order(IReadOnlyList<IPAddress> addresses, IPAddress? lastGood, string host)
    {
        bool isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        AddressFamily first = isLocal || addresses.Count == 0 ? AddressFamily.InterNetwork : addresses[0].AddressFamily;
        return [.. addresses
            .Distinct()
            .GroupBy(static address => address.AddressFamily)
            .SelectMany(static family => family.Select(static (address, place) => (Address: address, Place: place)))
            .OrderByDescending(entry => entry.Address.Equals(lastGood))
            .ThenBy(static entry => entry.Place)
            .ThenByDescending(entry => entry.Address.AddressFamily == first)
            .Select(static entry => entry.Address)];
    }

    private IPAddress[] GetAddresses(Deadline deadline, CancellationToken disposed)
    {
        if (IPAddress.TryParse(host, out IPAddress? given))
        {
            return [given];
        }

        // The resolver cannot be interrupted: it is left to itself when the time is over.
        TaskCompletionSource<IPAddress[]> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Background.Start(
            () =>
            {
                try
                {
                    found.SetResult(LookUp(host));
                }
                catch (Exception e)
                {
                    found.SetException(e);
                    _ = found.Task.Exception;
                }
            },
            "gaw name look-up");
        return Task.WaitAny([found.Task], ToMilliseconds(deadline.Rest), disposed) == 0
            ? found.Task.GetAwaiter().GetResult()
            : throw new SocketException((int)SocketError.TimedOut, $"the name {host} could not be looked up in time");
    }

    private Socket ConnectTo(IPAddress address, Deadline deadline, CancellationToken ended)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using CancellationTokenRegistration registration = ended.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);

            // The time-out of a blocking connect is the socket's for sending.
            socket.SendTimeout = deadline.SocketMilliseconds;
            socket.Connect(new IPEndPoint(address, port));
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            ended.ThrowIfCancellationRequested();
            if (e is ObjectDisposedException)
            {
                throw new SocketException((int)SocketError.OperationAborted);
            }

            throw;
        }
    }

    private Socket RaceTo(IPAddress[] addresses, Deadline deadline, CancellationToken disposed)
    {
        using Race race = new(this, deadline, disposed);
        return race.Run(addresses);
    }

    private static int ToMilliseconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)Math.Min(time.TotalMilliseconds, int.MaxValue);

    /// <summary>Several addresses at once; the first that answers wins, the others are closed.</summary>
    private sealed class Race(SocketConnector connector, Deadline deadline, CancellationToken disposed) : IDisposable
    {
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
                socket = connector.ConnectTo(address, deadline, _overToken);
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
}
