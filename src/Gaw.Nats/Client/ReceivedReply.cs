using System.Buffers;
using System.Net;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
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
        Exception? error = Read(_open, _buffer.AsMemory(0, _length), _protector, _endPoint, _route, out _);
        ArrayPool<byte>.Shared.Return(_buffer);
        _open.Call.Complete(error, inline: true);
    }

    /// <summary>Reads a reply into its call.</summary>
    /// <returns>What the call fails with; <see langword="null"/>: it has its result, or a part of it.</returns>
    public static Exception? Read(OpenCall open, Memory<byte> payload, IFrameProtector protector, EndPoint endPoint, NatsRoute route, out bool isPart)
    {
        PendingCall call = open.Call;
        isPart = false;
        if (!protector.TryOpen(payload, out Memory<byte> document))
        {
            return new GawAuthenticationException($"The answer to {call.Path} from {endPoint} was not sealed with this client's Secret, or was altered. Do the worker and the client use the same Secret and Encrypt?");
        }

        // Calls without an id of ours are those that a bridge passes on: nobody behind it sees that a worker is full or stops.
        ReplyIdReader? replyId = call.IdPrefix.Length == 0 ? null : ResponseReader.GetId;
        Reply reply = replyId is null ? ReplyReader.ReadAnyForm(document.Span, null) : ReplyReader.Read(document.Span, replyId);
        switch (reply.Kind)
        {
            case ReplyKind.Result when replyId is not null && !call.HasId(reply.Id):
                return ReplyReader.NotReply(null);
            case ReplyKind.Part when replyId is not null && call.HasId(reply.Id):
                isPart = call.HasParts = true;
                return ResultReader.ReadPart(call, reply);
            case ReplyKind.Result:
                return ResultReader.Read(call, reply, document.Span, replyId, out _);
            case ReplyKind.Rejected:
                return NotRun(call, endPoint, "a worker that stops has got it");
            case ReplyKind.Busy:
            case ReplyKind.Failure when reply.Failure!.Name == ErrorFrame.Busy.Name:
                return new GawConnectionException($"{call.Path} has not run: the worker that has got it runs as many calls as it may, at {endPoint}. Add workers, or raise MaxConcurrentCalls.", endPoint, CallExecution.NotRun)
                {
                    HasWaited = route.NoteRefusal(open),
                    WasFull = !open.MayWait,
                };
            case ReplyKind.Failure when reply.Failure!.Name == ErrorFrame.BadSignature.Name:
                return new GawAuthenticationException($"{endPoint} refused {call.Path}: {reply.Failure.Message}. Do the worker and the client use the same Secret and Encrypt?");
            case ReplyKind.Failure:
                return new GawRemoteException(call.Path, reply.Failure!.Name, reply.Failure.Message, reply.Failure.Trace);
            case ReplyKind.Protected:
                return new GawAuthenticationException($"The answer to {call.Path} from {endPoint} is signed or encrypted, and this client has no Secret.");
            default:
                return ReplyReader.NotReply(reply.Fault);
        }
    }

    private static GawConnectionException NotRun(PendingCall call, EndPoint endPoint, string why) => new($"{call.Path} has not run: {why}, at {endPoint}.", endPoint, CallExecution.NotRun);
}
