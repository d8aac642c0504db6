using System.Net.Security;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server;

/// <summary>The TLS handshake of a connection that was accepted.</summary>
internal static class TlsHandshake
{
    /// <summary>How long a peer may take.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Begins TLS. A failure is logged, unless it is nobody's mistake, and thrown.</summary>
    public static async ValueTask RunAsync(Transport transport, SslServerAuthenticationOptions tls, PostOfficeServer server, ConnectionDrain drain)
    {
        using CancellationTokenSource timeout = new(HandshakeTimeout, server.Options.TimeProvider);
        bool hasSpoken = false;
        try
        {
            hasSpoken = await transport.AwaitFirstByteAsync(timeout.Token).ConfigureAwait(false);
            if (!hasSpoken)
            {
                throw new IOException("it closed before the TLS handshake");
            }

            await transport.BeginTlsAsync(tls, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            // A load balancer connects and closes without a word to see whether somebody listens: that is no failed handshake.
            bool isProbe = !hasSpoken && !timeout.IsCancellationRequested;
            if (!drain.IsDraining && !isProbe && server.RejectionLog.Count("tls"))
            {
                server.Logger.NoTls(transport.RemoteEndPoint, e);
            }

            throw;
        }
    }
}
