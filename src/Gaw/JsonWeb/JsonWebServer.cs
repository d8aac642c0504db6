using System.Net;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Server;
using Gaw.JsonWeb.Server.Requests;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.PostOffice;
using Gaw.Serialization;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb;

/// <summary>
/// An HTTP server for the mere socket world: requests with a path and arguments, answered by what is mapped to the path. Usable alone;
/// <c>GawServer</c> maps the methods of classes to it.
/// </summary>
public sealed class JsonWebServer : IAsyncDisposable
{
    private readonly RouteTable _routes = new();
    private readonly PostOfficeServer _postOffice;

    /// <summary>A counter: the increments pair with each other, and the read with the last of them.</summary>
    private long _errors;

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <param name="host">An IPv4 or IPv6 address of this machine, or a name for one.</param>
    /// <param name="port">The TCP port; 0 lets the system choose one (see <see cref="LocalEndPoint"/>).</param>
    /// <param name="options">Limits and times; with <see cref="JsonWebServerOptions"/> also protection against replay, and kept replies.</param>
    /// <param name="types">The user types that values are read as; none by default.</param>
    public JsonWebServer(string host, int port, PostOfficeServerOptions? options = null, GawTypes? types = null)
        : this(host, port, options ?? new PostOfficeServerOptions(), new ValueSerializer(types), static _ => false, "Gaw.JsonWeb")
    {
    }

    internal JsonWebServer(
        string host, int port, PostOfficeServerOptions options, ValueSerializer serializer, Func<EndPoint?, bool> sendsTraceTo, string logCategory)
    {
        Serializer = serializer;
        SendsTraceTo = sendsTraceTo;
        ReplyCache? cache = (options as JsonWebServerOptions)?.CreateReplyCache();
        ReplayGuard? replays = (options as JsonWebServerOptions)?.CreateReplayGuard();
        CachedReplies? kept = cache is null ? null : new CachedReplies(cache);
        RequestPipeline pipeline = new(this, _routes, kept, replays);
        Streams = new ServerStreams(options.MaxStreams);
        _postOffice = new PostOfficeServer(host, port, pipeline.Receive, options, logCategory)
        {
            Announce = CreateAnnouncement(kept, replays),
            OnStopping = Streams.BeginStop,
            OnClock = cache is null ? null : cache.Forget,
        };
    }

    /// <inheritdoc cref="PostOfficeServer.LocalEndPoint"/>
    public IPEndPoint LocalEndPoint => _postOffice.LocalEndPoint;

    internal ValueSerializer Serializer { get; }

    internal Func<EndPoint?, bool> SendsTraceTo { get; }

    /// <summary>The results that go out in parts at this moment.</summary>
    internal ServerStreams Streams { get; }

    internal ILogger Log => _postOffice.Logger;

    internal PostOfficeServer PostOffice => _postOffice;

    /// <summary>How many requests were answered with an error.</summary>
    internal long ErrorCount => Interlocked.Read(ref _errors);

    /// <summary>Answers the requests of a path.</summary>
    /// <param name="path">The whole path, for example <c>math_service/plus</c>. Case counts.</param>
    /// <param name="handler">Gives the result; an exception becomes an error response.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The path is taken.</exception>
    public JsonWebServer Map(string path, Func<JsonWebRequest, ValueTask<object?>> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(handler);
        Map([new(path, new DelegateHandler(Serializer, handler))]);
        return this;
    }

    /// <inheritdoc cref="PostOfficeServer.StartAsync"/>
    public Task StartAsync(CancellationToken cancellationToken = default) => _postOffice.StartAsync(cancellationToken);

    /// <inheritdoc cref="PostOfficeServer.StopAsync"/>
    public Task StopAsync(CancellationToken cancellationToken = default) => _postOffice.StopAsync(cancellationToken);

    /// <inheritdoc cref="PostOfficeServer.DisposeAsync"/>
    public ValueTask DisposeAsync() => _postOffice.DisposeAsync();

    internal void Map(IEnumerable<RouteTable.Route> routes) => _routes.Add(routes);

    internal void CountError() => Interlocked.Increment(ref _errors);

    /// <summary>Gives what the server says of itself with the first reply on a connection: members of <c>meta</c>.</summary>
    private static Func<byte[]>? CreateAnnouncement(CachedReplies? kept, ReplayGuard? replays)
    {
        byte[] identity = replays is null ? [] : Audience.Of(replays.Server).Write();
        return (kept, replays) switch
        {
            (null, null) => null,
            (null, _) => () => identity,
            (_, null) => kept.Announce,
            _ => () => [.. identity, .. ", "u8, .. kept.Announce()],
        };
    }
}
