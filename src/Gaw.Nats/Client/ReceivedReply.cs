using System.Buffers;
using System.Net;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;

namespace Gaw.Nats.Client;

/// <summary>A reply that was taken off the loop that reads from the engine, on its way to its call: values of the user's types are made on a thread of the pool.</summary>
internal sealed class ReceivedReply : IThreadPoolWorkItem
{
    private readonly OpenCall _open;
    private readonly NatsRoute _route;
    private readonly IFrameProtector _protector;
    private readonly EndPoint _endPoint;
    private readonly byte[] _buffer;
    private readonly int _length;

    public ReceivedReply(OpenCall open, in ReadOnlySequence<byte> payload, IFrameProtector protector, EndPoint endPoint, NatsRoute route)
    {
        _open = open;
        _route = route;
        _protector = protector;
        _endPoint = endPoint;
        _length = (int)payload.Length;
        _buffer = ArrayPool<byte>.Shared.Rent(_length);
        payload.CopyTo(_buffer);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Exception? error = Read();
        ArrayPool<byte>.Shared.Return(_buffer);
        _open.Call.Complete(error, inline: true);
    }

    private Exception? Read()
    {
        if (!_protector.TryOpen(_buffer.AsMemory(0, _length), out Memory<byte> document))
        {
            return new GawAuthenticationException($"The answer to {_open.Call.Path} from {_endPoint} was not sealed with this client's Secret, or was altered. Do the worker and the client use the same Secret and Encrypt?");
        }

        // Calls without an id of ours are those that a bridge passes on: nobody behind it sees that a worker is full or stops.
        ReplyIdReader? replyId = _open.Call.IdPrefix.Length == 0 ? null : ResponseReader.GetId;
        Reply reply = replyId is null ? ReplyReader.ReadAnyForm(document.Span, null) : ReplyReader.Read(document.Span, replyId);
        switch (reply.Kind)
        {
            case ReplyKind.Result when replyId is not null && !_open.Call.HasId(reply.Id):
                return ReplyReader.NotReply(null);
            case ReplyKind.Result:
                return ResultReader.Read(_open.Call, reply, document.Span, replyId, out _);
            case ReplyKind.Rejected:
                return NotRun("a worker that stops has got it");
            case ReplyKind.Busy:
            case ReplyKind.Failure when reply.Failure!.Name == ErrorFrame.Busy.Name:
                return new GawConnectionException($"{_open.Call.Path} has not run: the worker that has got it runs as many calls as it may, at {_endPoint}.", _endPoint, CallExecution.NotRun)
                {
                    HasWaited = _route.NoteRefusal(_open),
                    WasFull = !_open.MayWait,
                };
            case ReplyKind.Failure when reply.Failure!.Name == ErrorFrame.BadSignature.Name:
                return new GawAuthenticationException($"{_endPoint} refused {_open.Call.Path}: {reply.Failure.Message}. Do the worker and the client use the same Secret and Encrypt?");
            case ReplyKind.Failure:
                return new GawRemoteException(_open.Call.Path, reply.Failure!.Name, reply.Failure.Message, reply.Failure.Trace);
            case ReplyKind.Protected:
                return new GawAuthenticationException($"The answer to {_open.Call.Path} from {_endPoint} is signed or encrypted, and this client has no Secret.");
            default:
                return ReplyReader.NotReply(reply.Fault);
        }
    }

    private GawConnectionException NotRun(string why) => new($"{_open.Call.Path} has not run: {why}, at {_endPoint}.", _endPoint, CallExecution.NotRun);
}
