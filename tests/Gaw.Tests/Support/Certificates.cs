using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gaw.Tests.Support;

/// <summary>An authority that lives as long as a test, and the certificates it has issued.</summary>
public sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _root;

    public Authority(string name = "Gaw test root")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
    }

    /// <summary>Trust in this authority and no other.</summary>
    public X509ChainPolicy Policy => new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { _root } };

    /// <param name="name">The common name and, for a server, the host.</param>
    /// <param name="expired">It was good until yesterday.</param>
    /// <param name="forClients">It names a client, not a server.</param>
    public X509Certificate2 Issue(string name, bool expired = false, bool forClients = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forClients ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 bare = request.Create(
            _root, DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddDays(expired ? -1 : 100), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>What a server needs to serve TLS with a certificate of this authority.</summary>
    public SslServerAuthenticationOptions Server(string name = "127.0.0.1", bool expired = false, bool wantsClients = false) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(Issue(name, expired), null, offline: true),
        ClientCertificateRequired = wantsClients,
        CertificateChainPolicy = wantsClients ? Policy : null,
    };

    /// <summary>What a client needs to trust this authority.</summary>
    public SslClientAuthenticationOptions Client(X509Certificate2? shown = null) => new()
    {
        CertificateChainPolicy = Policy,
        ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown, null, offline: true),
    };

    public void Dispose() => _root.Dispose();
}
