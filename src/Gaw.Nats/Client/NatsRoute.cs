using System.Buffers;
using System.Globalization;
using System.Net;
using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Protection;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.Nats.Client;

/// <summary>The calls of a client that are open on the engine: sends them, takes their replies, and asks for those that take long.</summary>
internal sealed class NatsRoute : CallRoute, IDisposable
{
    private readonly RouteCalls _calls;
    private readonly NatsLink _link;
    private readonly NatsTarget _target;
    private readonly EndPoint _endPoint;
    private readonly IFrameProtector _protector;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RouteSender _sender;
    private readonly RouteFailures _failures;
    private readonly ITimer _timer;

    public NatsRoute(NatsLink link, NatsTarget target, EndPoint endPoint, IFrameProtector protector, TimeProvider time, ILogger log)
    {
        _link = link;
        _target = target;
        _endPoint = endPoint;
        _protector = protector;
        _time = time;
        _log = log;
        _failures = new RouteFailures(link, endPoint);
        _sender = new RouteSender(link, target, protector, NotSent);
        _calls = new RouteCalls(link, time);
        _timer = Background.CreateTimer(time, static self => ((NatsRoute)self!).OnTick(), this, PendingCalls.Tick);
    }

    public override bool IsSequential => false;

    public override bool NeedsLease => true;

    public int OpenCalls => _calls.Count;

    public override int MaxMessageBytes => SealedMessage.MaxDocumentBytes(_link.MaxPayloadBytes, _protector);

    public override object? GetServer(string path) => _target.Get(path).Server;

    /// <summary>That some of a service's workers take streams lasts while there are any of them. Of one that takes none nothing follows, neither for the next nor of those that do.</summary>
    public override void SetServer(string path, object? server)
    {
        if (server is KnownServer { TakesStreams: true })
        {
            _target.Get(path).Server = server;
        }
    }

    public override bool TrySend(PendingCall call, JsonWriter message)
    {
        CallSubject target = _target.Get(call.Destination);
        int documentBytes = message.Length;
        Memory<byte> payload = SealedMessage.Seal(message, _protector);
        if (payload.Length > _link.MaxPayloadBytes)
        {
            throw _failures.TooLarge(call, documentBytes, payload.Length);
        }

        call.SentOn = this;
        if (!_calls.TryAdd(call, target, call.GetRest(_time, call.SentAt), out bool mayWait))
        {
            return false;
        }

        _sender.Send(call, target.Of(call), payload, message, mayWait);
        return true;
    }

    public override void Wait(PendingCall call, bool mayRead)
    {
        using BlockingWait wait = BlockingWait.Enter();
        while (!call.IsDone)
        {
            call.WaitForDoneOrOffer();
        }
    }

    public override void Abandon(PendingCall call, Exception reason)
    {
        if (_calls.TryTake(call.Key, call) is not { } open)
        {
            return;
        }

        if (reason is not TimeoutException || call.Timeout == Timeout.InfiniteTimeSpan)
        {
            // A worker knows by its own clock that the time is over; of the longest silence of a stream it knows nothing.
            _sender.Cancel(open);
        }

        call.Complete(reason, inline: false);
    }

    public override void Tell(PendingCall call, JsonWriter message)
    {
        OpenCall? open = _calls.Find(call);
        if (open is null)
        {
            MessageWriter.Return(message);
        }
        else
        {
            _sender.Tell(open, message);
        }
    }

    public override void ContinuationFailed(Exception e) => _log.ContinuationFailed(_endPoint, e);

    /// <summary>Takes what comes to the client's inbox, on the loop that reads from the engine.</summary>
    public ValueTask Receive(EngineMessage message)
    {
        string token = NatsSubjects.TakeMark(message.Subject[_link.InboxPrefix.Length..], out _);
        if (int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int key))
        {
            ReceiveReply(key, message);
        }
        else if (!message.IsNoResponders && message.Payload.Length <= _link.MaxPayloadBytes)
        {
            ReceiveNotice(token, message.Payload.ToArray());
        }

        return default;
    }

    /// <summary>What has replied is a worker without a place.</summary>
    /// <returns>It has let the call wait before.</returns>
    public bool NoteRefusal(OpenCall call) => _calls.NoteRefusal(call);

    /// <summary>The engine is away, or there again.</summary>
    public void OnEngineChanged(bool isOpen) => _calls.EngineChanged(isOpen);

    /// <summary>The client is disposed: its calls are cancelled where they run, and end here.</summary>
    public void Dispose()
    {
        OpenCall[] open = _calls.Close();
        _timer.Dispose();
        ObjectDisposedException cause = new(null, "The client was disposed.");
        foreach (OpenCall call in open)
        {
            _sender.Cancel(call);
            call.Call.Complete(CallLoss.Lost(call.Call, _endPoint, call.Call.HasParts ? CallExecution.Ran : CallExecution.Unknown, cause, hasReplied: true), inline: false);
        }
    }

    private void ReceiveReply(int key, EngineMessage message)
    {
        if (message.IsNoResponders)
        {
            if (_calls.MeetNobody(key) is { } nobodys)
            {
                End(nobodys, _failures.NobodyListens(nobodys));
            }
        }
        else if (_calls.FindParts(key, ReadPart) is { } parts)
        {
            parts.Add(message.Payload);
        }
        else if (_calls.TakeReplied(key) is { } open)
        {
            // Taken here, so that what a worker says afterwards of its calls meets none whose reply has come.
            ThreadPool.UnsafeQueueUserWorkItem(new ReceivedReply(open, message.Payload, _protector, _endPoint, this), preferLocal: false);
        }
    }

    /// <summary>Reads a reply of a call whose result comes in parts; only here does one see whether it is the last.</summary>
    private void ReadPart(OpenCall open, Memory<byte> payload)
    {
        if (_calls.Find(open.Call) != open)
        {
            return;
        }

        Exception? error = ReceivedReply.Read(open, payload, _protector, _endPoint, this, out bool isPart);
        if (isPart && error is null)
        {
            open.Deadline = open.Call.Timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : open.Deadline;
            open.Call.ContinueWithPart(inline: false);
        }
        else if (isPart)
        {
            Abandon(open.Call, error!);
        }
        else if (_calls.TryTake(open.Key, open.Call) is not null)
        {
            open.Call.Complete(error, inline: false);
        }
    }

    private void ReceiveNotice(string token, byte[] payload)
    {
        if (!_protector.TryOpen(payload, out Memory<byte> document) || ControlMessage.ReadRuns(document.Span, out string worker) is not { } keys)
        {
            return;
        }

        int question = token.StartsWith(NatsSubjects.QuestionToken, StringComparison.Ordinal)
            && int.TryParse(token.AsSpan(NatsSubjects.QuestionToken.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        List<OpenCall> lost = _calls.Heard(worker, keys, question);
        lost.ForEach(call => End(call, _failures.Lost(call, $"The worker {worker} does not have it any more, and no answer of it has come.")));
    }

    private void OnTick()
    {
        if (_calls.Look() is not { } result)
        {
            return;
        }

        foreach (OpenCall call in result.Overdue)
        {
            End(call, CallLoss.TimedOut(call.Call, _endPoint));
        }

        foreach (OpenCall call in result.Lost)
        {
            End(call, _failures.Unheard(call));
        }

        result.Questions.ForEach(_sender.Ask);
    }

    private void NotSent(PendingCall call, int key, Exception e)
    {
        if (_calls.TryTake(key, call) is not null)
        {
            call.Complete(_failures.NotSent(call, e), inline: false);
        }
    }

    private static void End(OpenCall call, Exception reason) => call.Call.Complete(reason, inline: false);
}
