using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.Json;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>One request on its way through the server. Reused: whoever has it answered must forget it.</summary>
internal sealed class ServerCall : InboundMessage
{
    private const int MaxPooled = 256;

    private static readonly ConcurrentQueue<ServerCall> Pool = new();

    private JsonWebServer _server = null!;
    private ServerConnection _connection = null!;
    private RequestHandler _handler = null!;
    private object _bound = null!;
    private byte[] _id = new byte[CallIds.MaxDigits];
    private int _idLength;

    /// <summary>The path that was called.</summary>
    public string Path { get; private set; } = "";

    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    public X509Certificate2? ClientCertificate => _connection.ClientCertificate;

    /// <summary>Fires when the caller is known to be gone.</summary>
    public CancellationToken CallerLeft => _connection.GetLostToken(InOrder);

    public static ServerCall Create(JsonWebServer server, ServerConnection connection, in Request request, string path, RequestHandler handler, object bound)
    {
        ServerCall call = Pool.TryDequeue(out ServerCall? pooled) ? pooled : new ServerCall();
        call._server = server;
        call._connection = connection;
        call._handler = handler;
        call._bound = bound;
        call.Path = path;
        call.InOrder = request.Meta.IsEmpty;
        if (request.Id.Length > call._id.Length)
        {
            call._id = new byte[request.Id.Length];
        }

        request.Id.CopyTo(call._id);
        call._idLength = request.Id.Length;
        return call;
    }

    public override ValueTask ProcessAsync()
    {
        try
        {
            ValueTask running = _handler.RunAsync(_bound, this);
            if (!running.IsCompletedSuccessfully)
            {
                return FinishAsync(running);
            }

            running.GetAwaiter().GetResult();
            Reply();
        }
        catch (Exception e)
        {
            ReplyError(e);
        }

        Recycle();
        return default;
    }

    private async ValueTask FinishAsync(ValueTask running)
    {
        try
        {
            await running.ConfigureAwait(false);
            Reply();
        }
        catch (Exception e)
        {
            ReplyError(e);
        }

        Recycle();
    }

    private void Reply()
    {
        JsonWriter writer = _connection.BeginReply();
        try
        {
            ResponseWriter.BeginResult(writer, _id.AsSpan(0, _idLength));
            _handler.WriteResult(_bound, writer);
            ResponseWriter.End(writer);
        }
        catch (Exception e)
        {
            _server.CountError();
            _server.Log.CannotSendResult(Path, e);
            ServerConnection.RestartReply(writer);
            ResponseWriter.WriteError(writer, _id.AsSpan(0, _idLength), ErrorParts.Of(e, withTrace: false, fallbackName: "SerializeError"));
        }

        _connection.EndReply(writer);
    }

    private void ReplyError(Exception exception)
    {
        _server.CountError();
        _server.Log.CallFailed(Path, exception);
        JsonWriter writer = _connection.BeginReply();
        ResponseWriter.WriteError(writer, _id.AsSpan(0, _idLength), ErrorParts.Of(exception, _server.SendsTraceTo(RemoteEndPoint)));
        _connection.EndReply(writer);
    }

    private void Recycle()
    {
        _handler.Release(_bound);
        _bound = null!;
        _connection = null!;
        if (Pool.Count < MaxPooled && _id.Length == CallIds.MaxDigits)
        {
            Pool.Enqueue(this);
        }
    }
}
