using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gaw.Tool.Terminals;

namespace Gaw.Tool;

/// <summary>TLS of the commands that call: whom to trust, and what to show.</summary>
internal sealed class TlsOptions
{
    private readonly Switch _tls = new("--tls", "GAW_TLS") { Description = "Speak TLS; any other TLS option says so, too. The server's certificate is checked." };
    private readonly Setting _authorities = new("--tls-ca", "GAW_TLS_CA") { HelpName = "file", Description = "The authorities to trust in place of the system's, as PEM; for a certificate of its own making, that certificate." };
    private readonly CertificateOptions _own = new("A certificate to show to the server, as PEM.");
    private readonly Setting _host = new("--tls-host", "GAW_TLS_HOST") { HelpName = "name", Description = "The name that the server's certificate has to bear, where it is not the host's." };
    private readonly Switch _insecure = new("--insecure", "GAW_TLS_INSECURE") { Description = "Take any certificate. Whoever is on the way can read and change everything." };

    public void AddTo(Command command)
    {
        command.Add(_tls);
        command.Add(_authorities);
        _own.AddTo(command);
        command.Add(_host);
        command.Add(_insecure);
    }

    /// <summary>What was chosen; <see langword="null"/> for no TLS.</summary>
    /// <exception cref="ToolException">A file is no certificate, or the options contradict each other.</exception>
    public SslClientAuthenticationOptions? Read(ParseResult parsed, Terminal terminal)
    {
        string? authorities = _authorities.Read(parsed, terminal);
        string? host = _host.Read(parsed, terminal);
        X509Certificate2? own = _own.Read(parsed, terminal);
        bool isInsecure = _insecure.Read(parsed, terminal);
        bool isOff = parsed.GetResult(_tls) is { Implicit: false } && !parsed.GetValue(_tls);
        if (isOff || !(_tls.Read(parsed, terminal) || isInsecure || authorities is not null || host is not null || own is not null))
        {
            return null;
        }

        SslClientAuthenticationOptions options = new()
        {
            TargetHost = host,
            CertificateChainPolicy = authorities is null ? null : Certificates.PolicyOf(Certificates.ReadAll(authorities, _authorities.SourceIn(parsed))),
            ClientCertificates = own is null ? null : [own],
        };
        if (isInsecure)
        {
            terminal.Complain("warning: the server's certificate is not checked (--insecure).");
#pragma warning disable CA5359 // Asked for, and said.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }
}

/// <summary>TLS of <c>gaw run</c>: its certificate, and whom it lets in.</summary>
internal sealed class ServerTlsOptions
{
    private readonly CertificateOptions _own = new("Serve TLS with this certificate, as PEM.");
    private readonly Setting _clients = new("--tls-client-ca", "GAW_TLS_CLIENT_CA") { HelpName = "file", Description = "Let in only clients with a certificate of these authorities, as PEM." };

    public void AddTo(Command command)
    {
        _own.AddTo(command);
        command.Add(_clients);
    }

    /// <inheritdoc cref="TlsOptions.Read"/>
    public SslServerAuthenticationOptions? Read(ParseResult parsed, Terminal terminal)
    {
        X509Certificate2? own = _own.Read(parsed, terminal);
        string? clients = _clients.Read(parsed, terminal);
        if (own is null)
        {
            return clients is null ? null : throw ToolException.Usage($"{_clients.SourceIn(parsed)} needs a certificate of the server's own. Give it with --tls-cert FILE --tls-key FILE.");
        }

        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, _own.Chain, offline: true),
            ClientCertificateRequired = clients is not null,
            CertificateChainPolicy = clients is null ? null : Certificates.PolicyOf(Certificates.ReadAll(clients, _clients.SourceIn(parsed))),
        };
    }
}

/// <summary>A certificate with its key, in one file or in two.</summary>
internal sealed class CertificateOptions(string description)
{
    private readonly Setting _certificate = new("--tls-cert", "GAW_TLS_CERT") { HelpName = "file", Description = description };
    private readonly Setting _key = new("--tls-key", "GAW_TLS_KEY") { HelpName = "file", Description = "Its private key, as PEM, where that is a file of its own." };

    /// <summary>The certificates beside the own one in its file, which lead to an authority.</summary>
    public X509Certificate2Collection Chain { get; } = [];

    public void AddTo(Command command)
    {
        command.Add(_certificate);
        command.Add(_key);
    }

    public X509Certificate2? Read(ParseResult parsed, Terminal terminal)
    {
        string? file = _certificate.Read(parsed, terminal);
        string? key = _key.Read(parsed, terminal);
        if (file is null)
        {
            return key is null ? null : throw ToolException.Usage($"{_key.SourceIn(parsed)} needs the certificate that the key belongs to. Give it with --tls-cert FILE.");
        }

        X509Certificate2 own = Certificates.ReadOwn(file, key, _certificate.SourceIn(parsed), key is null ? null : _key.SourceIn(parsed));
        Chain.AddRange(Certificates.ReadAll(file, _certificate.SourceIn(parsed)).Where(c => c.Thumbprint != own.Thumbprint).ToArray());
        return own;
    }
}

/// <summary>Certificates out of PEM files.</summary>
internal static class Certificates
{
    /// <summary>All certificates in a file.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static X509Certificate2Collection ReadAll(string file, string source)
    {
        X509Certificate2Collection found = [];
        Read(file, source, () => found.ImportFromPemFile(file));
        return found.Count > 0 ? found : throw ToolException.Usage($"{source} {file} holds no certificate. Give a file with -----BEGIN CERTIFICATE-----.");
    }

    /// <summary>A certificate with its private key.</summary>
    /// <exception cref="ToolException">One of the two is not there, or they do not belong together.</exception>
    public static X509Certificate2 ReadOwn(string file, string? key, string source, string? keySource)
    {
        X509Certificate2? own = null;
        Read(key ?? file, keySource ?? source, () => ThrowIfNoKey(key ?? file, keySource ?? source, isBeside: key is null));
        Read(key is null ? file : $"{file} with the key {key}", source, () => own = X509Certificate2.CreateFromPemFile(file, key));

        // Windows does not use a key for TLS that was never in one of its stores.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(own!.Export(X509ContentType.Pkcs12), null) : own!;
    }

    /// <summary>Trusts these, and nobody else.</summary>
    public static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>A certificate's file without its key is common: the two are mostly apart.</summary>
    private static void ThrowIfNoKey(string file, string source, bool isBeside)
    {
        string text = File.ReadAllText(file);
        if (text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal) && !text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw ToolException.Usage($"{source} {file} holds a certificate, but no private key. Give the key's file with --tls-key FILE{(isBeside ? ", or put both into one file" : "")}.");
        }
    }

    private static void Read(string what, string source, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException(ExitCodes.Usage, $"{source} {what} cannot be read: {e.Message.TrimEnd('.')}. Give PEM files: a certificate, and its private key without a password.", e);
        }
    }
}
