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
    /// <summary>Pairs with the read at the next connect, perhaps on another thread; without it the order of addresses is as good as the first time.</summary>
    private volatile IPAddress? _lastGood;

    /// <summary>Gives the addresses of a name; blocks.</summary>
    internal Func<string, IPAddress[]> LookUp { get; init; } = Dns.GetHostAddresses;

    /// <exception cref="SocketException">No address has answered in time, all have refused, or the name has none.</exception>
    /// <exception cref="OperationCanceledException">The client was disposed.</exception>
    public Socket Connect(Deadline deadline, CancellationToken disposed)
    {
        IPAddress[] addresses = AddressOrder.Of(GetAddresses(deadline, disposed), _lastGood, host);
        Socket socket = addresses.Length switch
        {
            0 => throw new SocketException((int)SocketError.HostNotFound),
            1 => ConnectTo(addresses[0], deadline, disposed),
            _ => Race(addresses, deadline, disposed),
        };
        _lastGood = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        return socket;
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

    private Socket Race(IPAddress[] addresses, Deadline deadline, CancellationToken disposed)
    {
        using ConnectRace race = new((address, ended) => ConnectTo(address, deadline, ended), deadline, disposed);
        return race.Run(addresses);
    }

    private static int ToMilliseconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)Math.Min(time.TotalMilliseconds, int.MaxValue);
}
