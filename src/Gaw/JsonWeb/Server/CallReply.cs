using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server;

/// <summary>The reply to one call: where it goes, where it is kept, and how it is written. Used again with its <see cref="ServerCall"/>.</summary>
internal sealed class CallReply
{
    private JsonWebServer _server = null!;
    private RequestId _id = new();
    private bool _inOrder;

    /// <summary>Where it goes.</summary>
    public ReplyChannel Channel { get; private set; } = null!;

    /// <summary>Where it is kept; <see langword="null"/>: nowhere.</summary>
    public CachedReply? Kept { get; private set; }

    /// <summary>The path that was called.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The id of the request.</summary>
    public ref readonly RequestId Id => ref _id;

    public void Begin(JsonWebServer server, ReplyChannel channel, in Request request, CachedReply? kept, string path)
    {
        _server = server;
        Channel = channel;
        Path = path;
        _inOrder = request.Meta.IsEmpty;
        _id.Set(request);
        Kept = kept;
        kept?.Channel = channel;
    }

    /// <summary>The reply is given; its references are let go.</summary>
    public void Release()
    {
        Kept?.Channel = null;
        Kept = null;
        Channel = null!;
    }

    /// <summary>Replies with the result of a request that has run.</summary>
    /// <returns>The error that was replied instead: the result cannot be written.</returns>
    public Exception? Result(RequestHandler handler, object bound)
    {
        JsonWriter writer = Channel.Begin();
        byte[] meta = [];
        Exception? error = null;
        try
        {
            ResponseWriter.BeginResult(writer, _id.Text);
            handler.WriteResult(bound, writer);
            ResponseWriter.End(writer);
            meta = WriteHeaders(writer, handler, bound);
        }
        catch (Exception e)
        {
            error = e;
            _server.CountError();
            _server.Log.CannotSendResult(Path, e);
            Channel.Restart(writer);
            ResponseWriter.WriteFittingError(Channel, writer, _id.Text, ErrorInfo.Of(e, withTrace: false, fallbackName: "SerializeError"));
        }

        Send(writer, meta);
        return error;
    }

    /// <summary>Replies with the exception of the request.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="handler">The code behind the path.</param>
    /// <param name="bound">The bound request.</param>
    /// <param name="sent">Of a stream that has gone out in parts: how much of it.</param>
    public void Failure(Exception exception, RequestHandler handler, object bound, StreamTotals? sent = null)
    {
        _server.CountError();
        if (exception is GawError or OperationCanceledException)
        {
            // Meant for the caller, or its own doing.
            _server.Log.CallFailed(Path, exception);
        }
        else
        {
            _server.Log.CallThrew(Path, exception);
        }

        JsonWriter writer = Channel.Begin();
        ResponseWriter.WriteFittingError(Channel, writer, _id.Text, ErrorInfo.Of(exception, _server.SendsTraceTo(Channel.RemoteEndPoint)));
        byte[] meta = [];
        try
        {
            meta = WriteHeaders(writer, handler, bound);
        }
        catch (Exception e)
        {
            // The error itself is worth more than its metadata.
            _server.Log.CannotSendResult(Path, e);
        }

        if (sent is { } totals)
        {
            Span<byte> buffer = stackalloc byte[StreamMeta.MaxSentBytes];
            meta = [.. StreamMeta.WriteSent(buffer, totals, more: false), .. meta.Length == 0 ? default : ", "u8, .. meta];
        }

        Send(writer, meta);
    }

    /// <summary>Replies that the request has not run.</summary>
    public void NotRun(ErrorInfo reason)
    {
        _server.CountError();
        JsonWriter writer = Channel.Begin();
        ResponseWriter.WriteFittingError(Channel, writer, _id.Text, reason);
        Send(writer, ReplyChannel.GetAbandonedMeta(reason, _inOrder));
    }

    /// <summary>The metadata that the method or a filter has left: members of the reply's <c>meta</c>, which fit beside the document.</summary>
    public byte[] WriteHeaders(JsonWriter written, RequestHandler handler, object bound) =>
        _inOrder || handler.GetResponseMetadata(bound) is not { } metadata ? [] : MetaHeaders.Write(metadata, Channel.GetMetaRoom(written));

    /// <summary>Sends a reply that was written, and keeps it.</summary>
    public void Send(JsonWriter writer, byte[] meta)
    {
        Kept?.Complete(Channel.GetDocument(writer), meta);
        Channel.End(writer, _inOrder, meta, again: Kept is not null);
    }
}
