using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Sockets;

/// <summary>Where a server listens: finds the address, and refuses one that it may not or cannot listen on.</summary>
/// <param name="host">An address of this machine, or a name for one.</param>
/// <param name="port">The port; 0 lets the system choose one.</param>
/// <param name="options">Whose backlog and security count.</param>
/// <param name="logger">Where it says what it does.</param>
internal sealed class ListeningPlace(string host, int port, PostOfficeServerOptions options, ILogger logger)
{
    /// <summary>Finds the address to listen on, and makes sure that it may be listened on as the options are.</summary>
    public async ValueTask<IPAddress> ResolveAsync(CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(host, out IPAddress? address))
        {
            try
            {
                IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
                address = addresses.FirstOrDefault(static a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
            }
            catch (SocketException e)
            {
                throw new SocketException((int)e.SocketErrorCode, $"Cannot listen on {host}:{port}: {e.Message}. Give an address of this machine, or a name for one.");
            }
        }

        CheckSecurity(address);
        return address;
    }

    /// <summary>A socket that listens there.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public Socket Bind(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(options.Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new SocketException((int)e.SocketErrorCode, $"Cannot listen on {new IPEndPoint(address, port)}: {e.Message}. Give another address or port; port 0 takes any free one.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void CheckSecurity(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || options.Secret is not null || options.Tls is not null)
        {
            return;
        }

        if (options.RequireSecurity)
        {
            throw new InvalidOperationException($"RequireSecurity is set, and {address} can be reached from other machines without Secret or Tls. Give the server one of them, or listen on 127.0.0.1.");
        }

        logger.ListeningOpenly(address);
    }
}
