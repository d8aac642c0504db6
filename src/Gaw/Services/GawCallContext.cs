using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Gaw;

/// <summary>The call that an entrypoint runs for. A parameter of this type is supplied, never read from the wire.</summary>
public sealed class GawCallContext
{
    internal GawCallContext(string path, IReadOnlyDictionary<string, string> metadata, EndPoint? remoteEndPoint, X509Certificate2? clientCertificate, CancellationToken cancellationToken)
    {
        Path = path;
        Metadata = metadata;
        RemoteEndPoint = remoteEndPoint;
        ClientCertificate = clientCertificate;
        CancellationToken = cancellationToken;
    }

    /// <summary>The path that was called, <c>service/method</c>.</summary>
    public string Path { get; }

    /// <summary>The texts that the caller sent beside the arguments (<c>CallOptions.Metadata</c>); none from a Python caller.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Where the call comes from.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The certificate that the caller has shown, checked by the server: where it asks for one in its TLS options. Otherwise <see langword="null"/>.
    /// </summary>
    public X509Certificate2? ClientCertificate { get; }

    /// <summary>Fires when nobody waits for the answer any more: the caller has cancelled, its time is over, or its connection is lost.</summary>
    public CancellationToken CancellationToken { get; }
}
