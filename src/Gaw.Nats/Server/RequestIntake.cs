using System.Collections.Concurrent;
using Gaw.Nats.Engine;
using Gaw.PostOffice.Replies;

namespace Gaw.Nats.Server;

/// <summary>Takes requests off the loop that reads from the engine. What there is no place for is answered there as busy: nothing is queued beyond what may run.</summary>
internal sealed class RequestIntake(Worker worker)
{
    /// <summary>Requests that have not begun may hold so much, where the number of calls is not limited: as much as is read of a TCP connection.</summary>
    private const long MaxWaitingBytes = 4 * 1024 * 1024;

    /// <summary>Memory of a request besides its bytes, about.</summary>
    private const int BytesOfEntry = 256;

    private readonly ConcurrentDictionary<string, RequestRoute> _routes = new(StringComparer.Ordinal);
    private long _waiting;

    /// <summary>Takes a call.</summary>
    public ValueTask ReceiveCall(EngineMessage message)
    {
        if (!_routes.TryGetValue(message.Subject, out RequestRoute? route))
        {
            if (worker.Subjects.GetPath(message.Subject) is not { } path)
            {
                return default;
            }

            route = new RequestRoute(message.Subject, path);
            if (worker.IsServed(path))
            {
                // Other paths are many: whoever makes them up must not fill the table.
                _routes.TryAdd(message.Subject, route);
            }
        }

        return Receive(message, route);
    }

    /// <summary>Takes a question about the worker itself.</summary>
    public ValueTask ReceiveQuestion(EngineMessage message) => Receive(message, new RequestRoute(message.Subject, null));

    /// <summary>A request does not wait any more.</summary>
    public void Began(NatsRequest request) => Interlocked.Add(ref _waiting, -request.Bytes - BytesOfEntry);

    private ValueTask Receive(EngineMessage message, RequestRoute route)
    {
        worker.Requests.Count();
        if (message.ReplyTo is not { Length: > 0 } replyTo)
        {
            worker.Log.NoReplySubject(message.Subject);
            return default;
        }

        if (message.Payload.Length > worker.PostOffice.Options.MaxFrameBytes)
        {
            RefuseLarge(message, route, replyTo);
            return worker.Outbox.WhenRoomAsync();
        }

        NatsRequest request = new(worker, route, replyTo, message.Payload);
        bool hasPlace = !request.TakesSlot || worker.PostOffice.Slots!.TryEnter();
        if (!worker.Requests.TryAdd(request))
        {
            if (hasPlace && request.TakesSlot)
            {
                worker.PostOffice.Slots!.Leave();
            }

            return default;
        }

        bool hasRoom = Interlocked.Add(ref _waiting, request.Bytes + BytesOfEntry) <= MaxWaitingBytes + request.Bytes + BytesOfEntry;
        if (hasPlace && hasRoom)
        {
            request.Queue();
            return worker.Outbox.WhenRoomAsync();
        }

        Began(request);
        if (!hasPlace)
        {
            request.GiveUpSlot();
        }

        request.ReplyBusy();
        request.Leave();
        return worker.Outbox.WhenRoomAsync();
    }

    private void RefuseLarge(EngineMessage message, RequestRoute route, string replyTo)
    {
        NatsRequest request = new(worker, route, replyTo, default);
        request.GiveUpSlot();
        if (worker.Requests.TryAdd(request))
        {
            new NatsChannel(worker, request, worker.PostOffice.Protectors[0]).ReplyError(ErrorFrame.TooLarge(worker.PostOffice.Options.MaxFrameBytes));
            request.Leave();
        }
    }
}
