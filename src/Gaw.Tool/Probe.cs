using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gaw.Tool.Terminals;

namespace Gaw.Tool;

/// <summary>Looks at what is listening, after a connection has failed in a way that may mean several things. A connection of its own, for a second at most; nothing is called.</summary>
internal static class Probe
{
    private const int MostShown = 60;
    private static readonly TimeSpan TestTimeouts = TimeSpan.FromSeconds(1);

    /// <summary>What is there, as a failure that says what to do; <see langword="null"/> where the exception says it all.</summary>
    public static async Task<ToolException?> ExplainAsync(ServerFacts server, Exception exception)
    {
        try
        {
            // Only a server that takes connections can be looked at.
            if (!server.IsOneServer || exception.InnerException is SocketException { SocketErrorCode: not (SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Success) })
            {
                return null;
            }

            if (server.UsesTls)
            {
                return exception.InnerException is AuthenticationException or IOException
                    ? new ToolException(ExitCodes.RefusedBySecret, await ExplainTlsAsync(server, exception.InnerException).ConfigureAwait(false), exception)
                    : null;
            }

            if (await SpeaksTlsAsync(server).ConfigureAwait(false))
            {
                return new ToolException(ExitCodes.RefusedBySecret, $"{server.Address} wants TLS, and nothing was called. Add --tls; and --tls-ca FILE where the certificate is not one that this machine trusts.", exception);
            }

            return exception is GawProtocolException && await GreetingAsync(server).ConfigureAwait(false) is { Length: > 0 } greeting
                ? new ToolException(ExitCodes.Connection, $"{server.Address} is no Gaw server: it says \"{greeting}\". Check host and port.", exception)
                : null;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or AuthenticationException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<string> ExplainTlsAsync(ServerFacts server, Exception failure)
    {
        try
        {
            if (!await SpeaksTlsAsync(server).ConfigureAwait(false))
            {
                return $"{server.Address} does not speak TLS, and nothing was called. Leave --tls away, or ask for the port that serves TLS.";
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // It does speak TLS, and ends it: it wants a certificate.
        }

        string said = failure.Message.TrimEnd('.');
        return said.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal)
            ? $"The certificate of {server.Address} is made out to another name. Give that name with --tls-host NAME."
            : said.Contains("certificate", StringComparison.OrdinalIgnoreCase) && said.Contains("invalid", StringComparison.OrdinalIgnoreCase)
                ? $"The certificate of {server.Address} is not trusted here: {Last(said)}. Give its authority, or itself, with --tls-ca FILE; --insecure takes any."
                : $"{server.Address} ended the TLS handshake ({said}). It may want a certificate: --tls-cert FILE --tls-key FILE.";
    }

    /// <summary><c>... because of errors in the certificate chain: UntrustedRoot</c>.</summary>
    private static string Last(string said) => said[(said.LastIndexOf(':') + 1)..].Trim();

    private static async Task<bool> SpeaksTlsAsync(ServerFacts server)
    {
        using CancellationTokenSource limit = new(TestTimeouts);
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port, limit.Token).ConfigureAwait(false);
#pragma warning disable CA5359 // Nothing is sent inside: the question is only whether the other side speaks TLS.
        await using SslStream tls = new(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // An alert is TLS, too: the server wants a certificate, or another version.
            return e.InnerException is AuthenticationException or System.ComponentModel.Win32Exception && e.ToString().Contains("alert", StringComparison.OrdinalIgnoreCase);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The first line of what a server says to one that asks for nothing it could know.</summary>
    private static async Task<string> GreetingAsync(ServerFacts server)
    {
        using CancellationTokenSource limit = new(TestTimeouts);
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port, limit.Token).ConfigureAwait(false);
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[256];
        await stream.WriteAsync("2\n{}\r\n\r\n"u8.ToArray(), limit.Token).ConfigureAwait(false);
        int count = await stream.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        string line = Encoding.Latin1.GetString(buffer, 0, count).Split('\r', '\n')[0];
        return CleanText.OneLine(line.Length > MostShown ? line[..MostShown] + "..." : line);
    }
}
