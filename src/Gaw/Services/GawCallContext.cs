using System.Net;

namespace Gaw;

/// <summary>The call that an entrypoint runs for. A parameter of this type is supplied, never read from the wire.</summary>
public sealed class GawCallContext
{
    internal GawCallContext(string path, EndPoint? remoteEndPoint, CancellationToken cancellationToken)
    {
        Path = path;
        RemoteEndPoint = remoteEndPoint;
        CancellationToken = cancellationToken;
    }

    /// <summary>The path that was called, <c>service/method</c>.</summary>
    public string Path { get; }

    /// <summary>Where the call comes from.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>Fires when nobody waits for the answer any more.</summary>
    public CancellationToken CancellationToken { get; }
}
