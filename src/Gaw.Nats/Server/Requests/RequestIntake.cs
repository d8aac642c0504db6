using System.Collections.Concurrent;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice.Replies;

namespace Gaw.Nats.Server.Requests;

/// <summary>
/// Takes requests off the loop that reads from the engine. What there is neither place nor room for is answered there
/// as busy, so a flood is read no faster than it is answered. <see cref="Admission"/> decides.
/// </summary>
internal sealed class RequestIntake(Worker worker)
{
    /// <summary>Memory of a request besides its bytes, about.</summary>
    private const int BytesOfEntry = 256;

    private readonly ConcurrentDictionary<string, RequestRoute> _routes = new(StringComparer.Ordinal);

    /// <summary>Counters: the additions pair with each other, and with the read in <see cref="WaitingCount"/>, which is a figure only.</summary>
    private long _bytes;
    private int _waiting;

    /// <summary>So many wait for a place among the calls that may run.</summary>
    public int WaitingCount => Volatile.Read(ref _waiting);

    /// <summary>What became of the calls that came on a subject; <see langword="null"/>: none has come.</summary>
    public RouteStats? FindStats(string subject) => _routes.GetValueOrDefault(subject)?.Stats;

    /// <summary>Takes a call.</summary>
    public ValueTask ReceiveCall(EngineMessage message)
    {
        if (!_routes.TryGetValue(message.Subject, out RequestRoute? route))
        {
            if (worker.Subjects.GetPath(message.Subject) is not { } path)
            {
                return default;
            }

            route = new RequestRoute(worker.Subjects.Call(path), path);
            if (worker.IsServed(path))
            {
                // Other paths are many: whoever makes them up must not fill the table. A method is one, with streams and without.
                route = _routes.GetOrAdd(route.Subject, route);
                _routes.TryAdd(message.Subject, route);
            }
        }

        return Receive(message, route);
    }

    /// <summary>Takes a question about the worker itself.</summary>
    public ValueTask ReceiveQuestion(EngineMessage message) => Receive(message, new RequestRoute(message.Subject, null));

    /// <summary>A request has begun, or will not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wasHeld">It waited for a place.</param>
    public void Began(NatsRequest request, bool wasHeld)
    {
        Interlocked.Add(ref _bytes, -request.Work.Length - BytesOfEntry);
        if (wasHeld)
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private ValueTask Receive(EngineMessage message, RequestRoute route)
    {
        worker.Requests.Count();
        string replyTo = NatsSubjects.TakeMark(message.ReplyTo ?? "", out bool mayWait);
        if (replyTo.Length == 0)
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

        int mine = request.Work.Length + BytesOfEntry;
        long before = Interlocked.Add(ref _bytes, mine) - mine;
        AdmissionStep step = Admission.Decide(new AdmissionFacts(hasPlace, mayWait, worker.PostOffice.Options.MaxConcurrentCalls, WaitingCount, before));
        if (!hasPlace)
        {
            request.TakesSlot = false;
        }

        switch (step)
        {
            case AdmissionStep.Run:
                request.Queue();
                break;
            case AdmissionStep.Hold:
                // Only this loop adds to it, so it does not exceed what was decided by.
                Interlocked.Increment(ref _waiting);
                request.Hold();
                break;
            default:
                Began(request, wasHeld: false);
                request.Work.ReplyBusy();
                request.Leave();
                break;
        }

        return worker.Outbox.WhenRoomAsync();
    }

    private void RefuseLarge(EngineMessage message, RequestRoute route, string replyTo)
    {
        NatsRequest request = new(worker, route, replyTo, default);
        request.TakesSlot = false;
        if (worker.Requests.TryAdd(request))
        {
            new NatsChannel(worker, request, worker.PostOffice.Protectors[0]).ReplyError(ErrorFrame.TooLarge(worker.PostOffice.Options.MaxFrameBytes));
            request.Leave();
        }
    }
}
