using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams;
using Gaw.PostOffice;
using Gaw.Shared;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Server.Requests;

/// <summary>Replies to requests that will not run, each with its reason; logs and counts the mistakes of peers.</summary>
internal sealed class RequestRejections(JsonWebServer server, RouteTable routes)
{
    /// <summary>The sender makes a sentence of its own of it.</summary>
    private static readonly ErrorInfo Stopping = new("ServerStopping", "The server stops and takes no further calls; this one has not run.", null);

    /// <summary>The sender names the server and sends the request again.</summary>
    private static readonly ErrorInfo Misdirected = new(Audience.Refused, "The request does not name this server, so it has not run; name the server that meta states, and send it again.", null);

    private static readonly ErrorInfo NotKept = new(ReplyCacheKey.NotKept, "the reply to this request is not kept, or not any more");

    /// <summary>The server is draining. A client that knows <c>meta</c> sends the request elsewhere.</summary>
    public static void RejectWhileDraining(ReplyChannel channel, in Request request) =>
        ResponseWriter.ReplyError(channel, request.Id, Stopping, inOrder: false, ReplyChannel.StoppingMeta);

    /// <summary>A document that is no JSON.</summary>
    public void RejectUnreadable(ReplyChannel channel)
    {
        server.CountError();
        channel.ReplyUnreadable();
    }

    /// <summary>A document that is no request, or one above the limits. Without an id the channel replies, and counts it, too.</summary>
    public void RejectDocument(ReplyChannel channel, ReadOnlySpan<byte> id, bool inOrder, ErrorInfo error)
    {
        if (!id.IsEmpty && server.PostOffice.CountRejection("document"))
        {
            server.Log.NotARequest(channel.RemoteEndPoint, error.Message);
        }

        Reject(channel, id, inOrder, error);
    }

    /// <summary>A request is meant for another server, or its client asks for the identity of this one. The reply states the identity.</summary>
    public void RejectAudience(ReplyChannel channel, in Request request, Audience audience)
    {
        if (audience.IsNamed && server.PostOffice.CountRejection("audience"))
        {
            server.Log.ForAnotherServer(channel.RemoteEndPoint);
        }

        ResponseWriter.ReplyError(channel, request.Id, Misdirected, inOrder: false, again: true);
    }

    public void RejectReplay(ReplyChannel channel, in Request request, string reason)
    {
        if (server.PostOffice.CountRejection("replay"))
        {
            server.Log.Replayed(channel.RemoteEndPoint, reason);
        }

        Reject(channel, request, new ErrorInfo("ReplayError", reason));
    }

    /// <summary>An argument is a stream, and its parameter takes none. The reply says that the server does take streams, so that the client collects this one.</summary>
    public void RejectStream(ReplyChannel channel, in Request request, ErrorInfo error)
    {
        server.CountError();
        ResponseWriter.ReplyError(channel, request.Id, error, request.Meta.IsEmpty, request.Meta.IsEmpty ? default : StreamMeta.TakesStreams);
    }

    /// <summary>The request may have run before, and its reply is not kept.</summary>
    public void RejectRepetition(ReplyChannel channel, in Request request) => Reject(channel, request, NotKept);

    public void RejectUnknownPath(ReplyChannel channel, in Request request)
    {
        string path = request.GetPath();
        server.Log.UnknownPath(channel.RemoteEndPoint, path);
        GawError unknown = new("KeyError", DescribeUnknown(path));
        Reject(channel, request, new ErrorInfo(unknown.Name, unknown.Message));
        if (ServerSpan.IsWanted && server.PostOffice.Options.IsMeasured)
        {
            ServerSpan.NotFound(path, RequestMeta.Read(request.Meta, server.Serializer.Limits).Headers, channel.RemoteEndPoint, unknown);
        }
    }

    /// <summary>A request that will not run.</summary>
    public void Reject(ReplyChannel channel, in Request request, ErrorInfo error) => Reject(channel, request.Id, request.Meta.IsEmpty, error);

    private void Reject(ReplyChannel channel, ReadOnlySpan<byte> id, bool inOrder, ErrorInfo error)
    {
        server.CountError();
        if (id.IsEmpty)
        {
            channel.ReplyError(error with { Trace = null });
            return;
        }

        ResponseWriter.ReplyError(channel, id, error, inOrder);
    }

    private string DescribeUnknown(string path)
    {
        const int maxEchoed = 200;
        string shown = path.Length <= maxEchoed ? path : path[..maxEchoed] + "…";
        string? near = NameSuggestion.FindNearest(path, routes.Paths);
        return near is null ? $"path: {shown} not found" : $"path: {shown} not found, did you mean {near}?";
    }
}
