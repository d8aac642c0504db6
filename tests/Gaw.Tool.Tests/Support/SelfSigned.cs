using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gaw.Tool.Tests.Support;

/// <summary>Certificates as an operator makes them with openssl: of their own making, as PEM files.</summary>
public static class SelfSigned
{
    /// <summary>Writes a certificate for a name, and its key.</summary>
    public static (string Certificate, string Key) Write(string folder, string file, string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (string pem, string keyPem) = (Path.Combine(folder, file + ".pem"), Path.Combine(folder, file + ".key"));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        File.WriteAllText(keyPem, key.ExportPkcs8PrivateKeyPem());
        return (pem, keyPem);
    }
}
