using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gaw.Shared;

namespace Gaw.PostOffice.Sockets;

/// <summary>Opens the sockets of a client, and TLS inside them; says why where it cannot.</summary>
/// <param name="host">The server's address or name.</param>
/// <param name="port">The server's TCP port.</param>
/// <param name="endPoint">The two together, for errors.</param>
/// <param name="tlsOptions">TLS, if it is wanted.</param>
/// <param name="name">What the server's certificate is for.</param>
internal sealed class TransportOpener(string host, int port, EndPoint endPoint, SslClientAuthenticationOptions? tlsOptions, string name)
{
    private readonly SocketConnector _connector = new(host, port);

    /// <summary>Opens a connection; blocks.</summary>
    /// <param name="deadline">When it has to be open.</param>
    /// <param name="isKnown">The server has answered before, so it does serve what was asked.</param>
    /// <param name="disposed">Ends the attempt.</param>
    /// <exception cref="GawConnectionException">It cannot be opened.</exception>
    public Transport Open(Deadline deadline, bool isKnown, CancellationToken disposed)
    {
        Socket socket = OpenSocket(deadline, disposed);
        Transport? transport = null;
        try
        {
            transport = new Transport(socket);
            if (tlsOptions is { } tls)
            {
                // The handshake has several steps, each of which may take its time: what ends it is the deadline.
                using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(disposed);
                over.CancelAfter(deadline.Rest);
                using CancellationTokenRegistration registration = over.Token.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
                transport.BeginTls(ForHost(tls));
            }

            // What ends a send that the server does not take are the times of the calls, whose end closes the connection.
            socket.SendTimeout = 0;
            transport.ReceiveTimeout = 0;
            return transport;
        }
        catch (Exception e)
        {
            transport?.Dispose();
            socket.Dispose();
            if (!Transport.IsConnectionLoss(e))
            {
                if (tlsOptions is null)
                {
                    throw;
                }

                // The program's own callback, which has looked at the certificate in vain.
                e = new AuthenticationException($"a callback of Tls threw {e.GetType().Name}: {e.Message}", e);
            }

            string reason = deadline.IsOver ? "no TLS connection came about within ConnectTimeout" : e.Message;
            string advice = tlsOptions is null || isKnown ? "" : " Does the server serve TLS on this port, with a certificate that is trusted here and names this host?";
            throw new GawConnectionException($"Cannot connect to {endPoint}: {reason.TrimEnd('.')}.{advice}", endPoint, CallExecution.NotRun, e);
        }
    }

    /// <summary>The options with the host's name where none is given; the given ones may serve other clients, too.</summary>
    private SslClientAuthenticationOptions ForHost(SslClientAuthenticationOptions tls) => new()
    {
        TargetHost = string.IsNullOrEmpty(tls.TargetHost) ? name : tls.TargetHost,
        EnabledSslProtocols = tls.EnabledSslProtocols == SslProtocols.None ? SslProtocols.Tls12 | SslProtocols.Tls13 : tls.EnabledSslProtocols,
        ApplicationProtocols = tls.ApplicationProtocols,
        CertificateChainPolicy = tls.CertificateChainPolicy,
        CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
        CipherSuitesPolicy = tls.CipherSuitesPolicy,
        ClientCertificateContext = tls.ClientCertificateContext,
        ClientCertificates = tls.ClientCertificates,
        LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
        RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        AllowTlsResume = tls.AllowTlsResume,
    };

    private Socket OpenSocket(Deadline deadline, CancellationToken disposed)
    {
        try
        {
            return _connector.Connect(deadline, disposed);
        }
        catch (Exception e) when (Transport.IsConnectionLoss(e))
        {
            string advice = (e as SocketException)?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => " Is the server running, and on this port?",
                SocketError.HostNotFound => " Is the name of the host spelled like this?",
                _ => "",
            };
            throw new GawConnectionException($"Cannot connect to {endPoint}: {e.Message}.{advice}", endPoint, CallExecution.NotRun, e);
        }
    }
}
