using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.Serialization;
using Gaw.Shared;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb;

/// <summary>
/// An HTTP server for the mere socket world: requests with a path and arguments, answered by what is mapped to the path. Usable alone;
/// <c>GawServer</c> maps the methods of classes to it.
/// </summary>
public sealed class JsonWebServer : IAsyncDisposable
{
    /// <summary>What a request is turned away with; its sender makes a sentence of its own of it.</summary>
    private static readonly ErrorInfo Stopping = new("ServerStopping", "The server stops and takes no further calls; this one has not run.", null);

    /// <summary>What a request is refused with that does not name this server; its sender names it and sends it again.</summary>
    private static readonly ErrorInfo Misdirected = new(Audience.Refused, "The request does not name this server, so it has not run; name the server that meta states, and send it again.", null);

    private readonly RouteTable _routes = new();
    private readonly PostOfficeServer _postOffice;
    private readonly ReplyCache? _keeper;

    /// <summary>Refuses repeated requests, and those for other servers; <see langword="null"/> where that was not asked for.</summary>
    private readonly ReplayGuard? _replays;
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
        _keeper = (options as JsonWebServerOptions)?.CreateReplyCache();
        _replays = (options as JsonWebServerOptions)?.CreateReplayGuard();
        _postOffice = new PostOfficeServer(host, port, Receive, options, logCategory)
        {
            Announce = CreateAnnouncement(_keeper, _replays),
            OnClock = _keeper is null ? null : _keeper.Forget,
        };
    }

    /// <inheritdoc cref="PostOfficeServer.LocalEndPoint"/>
    public IPEndPoint LocalEndPoint => _postOffice.LocalEndPoint;

    internal ValueSerializer Serializer { get; }

    internal Func<EndPoint?, bool> SendsTraceTo { get; }

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

    /// <summary>Gives what the server says of itself with the first reply on a connection: members of <c>meta</c>.</summary>
    private static Func<byte[]>? CreateAnnouncement(ReplyCache? keeper, ReplayGuard? replays)
    {
        byte[] identity = replays is null ? [] : Audience.Of(replays.Server).Write();
        return (keeper, replays) switch
        {
            (null, null) => null,
            (null, _) => () => identity,
            (_, null) => Keeps,
            _ => () => [.. identity, .. ", "u8, .. Keeps()],
        };

        byte[] Keeps() => new ReplyCacheInfo(keeper!.Server, keeper.NowMs).Write();
    }

    internal void Map(IEnumerable<RouteTable.Route> routes) => _routes.Add(routes);

    /// <summary>Makes a request ready to run, or answers at once what is wrong with it.</summary>
    private InboundMessage? Receive(ReadOnlyMemory<byte> document, ReplyChannel channel)
    {
        Request request = default;
        try
        {
            ErrorInfo? fault = RequestReader.Read(document.Span, Serializer.Limits, out request);
            if (fault is not null)
            {
                RefuseDocument(channel, request.Id, request.Meta.IsEmpty, fault);
                return null;
            }

            return Accept(channel, ref request);
        }
        catch (JsonFormatException e) when (e.Fault == JsonFault.Syntax)
        {
            CountError();
            channel.ReplyError(ErrorFrame.NotReadable);
        }
        catch (JsonFormatException e)
        {
            RefuseDocument(channel, RequestReader.FindId(document.Span), inOrder: true, new ErrorInfo("RecursionError", e.Message));
        }
        catch (Exception e)
        {
            Refuse(channel, request.Id, request.Meta.IsEmpty, ErrorInfo.Of(e, SendsTraceTo(channel.RemoteEndPoint), fallbackName: "TypeError"));
        }

        return null;
    }

    /// <summary>Makes a request that could be read ready to run, unless it is answered already.</summary>
    private InboundMessage? Accept(ReplyChannel channel, ref Request request)
    {
        if (_replays is not null && Audience.Read(request.Meta, Serializer.Limits) is { IsSaid: true } audience && !audience.Includes(_replays.Server))
        {
            RefuseToStandIn(channel, request, audience);
            return null;
        }

        RequestMeta? meta = null;
        ReplyCacheKey? keep = null;
        if (_keeper is not null)
        {
            meta = RequestMeta.Read(request.Meta, Serializer.Limits);
            keep = meta.Keep is { } wanted && wanted.Server == _keeper.Server ? wanted : null;
            if (request.Path.SequenceEqual(CallTarget.RepeatPath) && !IsFirstTime(channel, ref request, meta, keep))
            {
                return null;
            }
        }

        if (_replays?.Refuse(request.Id) is { } replay)
        {
            if (_postOffice.CountRejection("replay"))
            {
                Log.Replayed(channel.RemoteEndPoint, replay);
            }

            Refuse(channel, request.Id, request.Meta.IsEmpty, new ErrorInfo("ReplayError", replay));
            return null;
        }

        if (request.Path.SequenceEqual(CallTarget.CancelPath))
        {
            ReplyToCancel(channel, request);
            return null;
        }

        if (channel.RejectsNewCalls && !request.Meta.IsEmpty)
        {
            ResponseWriter.ReplyError(channel, request.Id, Stopping, inOrder: false, ReplyChannel.StoppingMeta);
            return null;
        }

        if (!TryFindRoute(request, out RouteTable.Route? route))
        {
            string path = request.GetPath();
            Log.UnknownPath(channel.RemoteEndPoint, path);
            GawError unknown = new("KeyError", DescribeUnknown(path));
            Refuse(channel, request.Id, request.Meta.IsEmpty, new ErrorInfo(unknown.Name, unknown.Message));
            if (ServerSpan.IsWanted)
            {
                ServerSpan.NotFound(path, RequestMeta.Read(request.Meta, Serializer.Limits).Headers, channel.RemoteEndPoint, unknown);
            }

            return null;
        }

        object bound = route.Handler.Bind(request.Args, request.Kwargs);
        ReplyCache.CachedReply? kept = null;
        if (keep is not null && !TryKeep(channel, request, route.Path, out kept))
        {
            route.Handler.Release(bound);
            return null;
        }

        return ServerCall.Create(this, channel, request, meta, kept, route.Path, route.Handler, bound);
    }

    /// <summary>A request is meant for another server, or its client asks what to call this one. It has not run, and its sender learns the identity.</summary>
    private void RefuseToStandIn(ReplyChannel channel, in Request request, Audience audience)
    {
        if (audience.IsNamed && _postOffice.CountRejection("audience"))
        {
            Log.ForAnotherServer(channel.RemoteEndPoint);
        }

        ResponseWriter.ReplyError(channel, request.Id, Misdirected, inOrder: false, again: true);
    }

    private bool TryFindRoute(in Request request, [NotNullWhen(true)] out RouteTable.Route? route) => request.UnescapedPath is null
        ? _routes.TryFind(request.Path, out route)
        : _routes.TryFind(Encoding.UTF8.GetBytes(request.UnescapedPath), out route);

    /// <summary>For the question for a reply: it is answered here, unless the request itself never came; then the question takes its place.</summary>
    private bool IsFirstTime(ReplyChannel channel, ref Request request, RequestMeta meta, ReplyCacheKey? keep)
    {
        if (meta.Repeat is not { } path || keep is null || !TryReadId(request.Id, out UInt128 id) || !_keeper!.TryFind(id, keep.Value.SentMs, out ReplyCache.CachedReply? reply))
        {
            RefuseToRepeat(channel, request);
            return false;
        }

        if (reply is not null)
        {
            ReplyAgain(channel, request, path, reply);
            return false;
        }

        request.UnescapedPath = path;
        return true;
    }

    /// <summary>Makes a place for the reply to a request. <see langword="false"/>: it came before, and is answered here.</summary>
    private bool TryKeep(ReplyChannel channel, in Request request, string path, out ReplyCache.CachedReply? kept)
    {
        kept = null;
        if (!TryReadId(request.Id, out UInt128 id))
        {
            return true;
        }

        bool isQuestion = request.Path.SequenceEqual(CallTarget.RepeatPath);
        if (_keeper!.TryBegin(id, path, OwnerOf(channel), isQuestion, out kept))
        {
            return true;
        }

        if (kept is not null)
        {
            ReplyAgain(channel, request, path, kept);
        }
        else
        {
            RefuseToRepeat(channel, request);
        }

        return false;
    }

    /// <summary>Replies as the first time, now or as soon as the call that runs is done.</summary>
    private void ReplyAgain(ReplyChannel channel, in Request request, string path, ReplyCache.CachedReply kept)
    {
        if (kept.Owner != OwnerOf(channel) || kept.Path != path)
        {
            RefuseToRepeat(channel, request);
        }
        else if (kept.Completed.IsCompleted)
        {
            Reply();
        }
        else
        {
            channel.ReplyAfter(kept.Completed, Reply);
        }

        void Reply()
        {
            JsonWriter writer = channel.Begin();
            writer.Append(kept.Document);
            channel.End(writer, inOrder: false, kept.Meta, again: true);
        }
    }

    private void RefuseToRepeat(ReplyChannel channel, in Request request) =>
        Refuse(channel, request.Id, request.Meta.IsEmpty, new ErrorInfo(ReplyCacheKey.NotKept, "the reply to this request is not kept, or not any more"));

    private static string? OwnerOf(ReplyChannel channel) => channel.ClientCertificate?.Thumbprint;

    private static bool TryReadId(ReadOnlySpan<byte> id, out UInt128 number) => UInt128.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>A .NET client has given a call up; says whether that call could be told.</summary>
    private void ReplyToCancel(ReplyChannel channel, Request request)
    {
        JsonReader args = new(request.Args, Serializer.Limits);
        args.BeginArray();
        bool cancelled = args.NextItem() && args.Peek() == JsonKind.Integer
            && TryReadId(args.ReadNumber(), out UInt128 id)
            && (RunningCalls.TryCancel(channel, id) || _keeper?.TryCancel(id, OwnerOf(channel)) == true);
        JsonWriter writer = channel.Begin();
        ResponseWriter.BeginResult(writer, request.Id);
        writer.Boolean(cancelled);
        ResponseWriter.End(writer);
        channel.End(writer, request.Meta.IsEmpty);
    }

    internal void CountError() => Interlocked.Increment(ref _errors);

    private string DescribeUnknown(string path)
    {
        const int maxEchoed = 200;
        string shown = path.Length <= maxEchoed ? path : path[..maxEchoed] + "…";
        string? near = NameSuggestion.FindNearest(path, _routes.Paths);
        return near is null ? $"path: {shown} not found" : $"path: {shown} not found, did you mean {near}?";
    }

    /// <summary>Answers a document that is no request, or one above the limits. Without an id the channel does it, and counts it, too.</summary>
    private void RefuseDocument(ReplyChannel channel, ReadOnlySpan<byte> id, bool inOrder, ErrorInfo error)
    {
        if (!id.IsEmpty && _postOffice.CountRejection("document"))
        {
            Log.NotARequest(channel.RemoteEndPoint, error.Message);
        }

        Refuse(channel, id, inOrder, error);
    }

    /// <summary>Answers a request that will not run.</summary>
    private void Refuse(ReplyChannel channel, ReadOnlySpan<byte> id, bool inOrder, ErrorInfo error)
    {
        CountError();
        if (id.IsEmpty)
        {
            channel.ReplyError(error with { Trace = null });
            return;
        }

        ResponseWriter.ReplyError(channel, id, error, inOrder);
    }
}
