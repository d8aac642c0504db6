using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Gaw;

/// <summary>The call that an entrypoint runs for. A parameter of this type is supplied, never read from the wire.</summary>
public class GawCallContext
{
    private Dictionary<string, string>? _responseMetadata;
    private Dictionary<object, object?>? _items;

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

    /// <summary>The texts that the caller sent beside the arguments (<see cref="CallOptions.Metadata"/>); none from a Python caller.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; internal set; }

    /// <summary>
    /// Texts that travel beside the result, or beside the error, for the caller's <see cref="CallOptions.OnResponseMetadata"/>. A Python caller
    /// does not get them. Not to be written by several threads at once.
    /// </summary>
    public IDictionary<string, string> ResponseMetadata => _responseMetadata ??= new(StringComparer.Ordinal);

    /// <summary>What filters and the method leave for each other while the call lasts. Not to be written by several threads at once.</summary>
    public IDictionary<object, object?> Items => _items ??= [];

    /// <summary>On a server with <c>GawServerOptions.Scopes</c> the services of this call, until it ends; otherwise <see langword="null"/>.</summary>
    public IServiceProvider? Services { get; internal set; }

    /// <summary>The other side: where the call comes from; for a client's filter the server's address as it was given, the first of several.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The certificate that the caller has shown, checked by the server: where it asks for one in its TLS options. Otherwise <see langword="null"/>.
    /// </summary>
    public X509Certificate2? ClientCertificate { get; }

    /// <summary>
    /// What is left of the time that the caller waits, never below zero; <see langword="null"/> where it waits without end or has not said, as a Python caller, and on a client.
    /// </summary>
    public TimeSpan? TimeLeft => Clock is { } clock && Deadline != long.MaxValue
        ? TimeSpan.FromTicks(Math.Max(0, clock.GetElapsedTime(clock.GetTimestamp(), Deadline).Ticks))
        : null;

    /// <summary>Fires when nobody waits for the reply any more: the caller has cancelled, its time is over, or its connection is lost.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The server's clock.</summary>
    internal TimeProvider? Clock { get; init; }

    /// <summary>A time stamp of <see cref="Clock"/>: the caller waits until then.</summary>
    internal long Deadline { get; init; } = long.MaxValue;

    /// <summary><see cref="ResponseMetadata"/>, where there is any.</summary>
    internal IReadOnlyDictionary<string, string>? GivenResponseMetadata => _responseMetadata is { Count: > 0 } given ? given : null;
}
