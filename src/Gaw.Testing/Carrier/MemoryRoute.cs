using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.Testing.Carrier;

/// <summary>The client's end of a connection over memory: sends its messages, and ends its calls.</summary>
internal sealed class MemoryRoute : CallRoute
{
    /// <summary>Guards the order of the messages that nobody answers.</summary>
    private readonly Lock _gate = new();
    private readonly MemoryCalls _calls = new();
    private readonly MemoryServer _memory;
    private readonly MemoryChannel _channel;
    private readonly GawClientOptions _options;
    private readonly ILogger _logger;
    private readonly Action<MemoryRoute> _closed;

    /// <summary>The last of the messages that nobody answers: they keep their order, since items are among them. Under the gate.</summary>
    private Task _told = Task.CompletedTask;

    public MemoryRoute(MemoryServer memory, GawClientOptions options, ILogger logger, Action<MemoryRoute> closed)
    {
        _memory = memory;
        _options = options;
        _logger = logger;
        _closed = closed;
        _channel = new MemoryChannel(memory, Deliver);
        memory.Add(this);
    }

    public override bool IsSequential => false;

    public int OpenCalls => _calls.Count;

    public override bool TrySend(PendingCall call, JsonWriter message)
    {
        TimeSpan rest = call.GetRest(_options.TimeProvider, call.SentAt);
        call.SentOn = this;
        if (!_calls.TryAdd(call, () => rest == Timeout.InfiniteTimeSpan ? null : Background.CreateTimer(_options.TimeProvider, _ => Expire(call), call, rest, Timeout.InfiniteTimeSpan)))
        {
            return false;
        }

        Transmit(message);
        return true;
    }

    public override void Wait(PendingCall call, bool mayRead)
    {
        while (!call.IsDone)
        {
            call.WaitForDoneOrOffer();
        }
    }

    public override void Abandon(PendingCall call, Exception reason)
    {
        if (!_calls.TryTake(call))
        {
            return;
        }

        call.Complete(reason, inline: false);
        if (reason is TimeoutException && call.Timeout != Timeout.InfiniteTimeSpan)
        {
            // The server knows by its own clock. Of the longest silence of a stream it knows nothing.
            return;
        }

        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        if (call.TryWriteCancellation(writer, out _))
        {
            Transmit(writer);
        }
        else
        {
            MessageWriter.Return(writer);
        }
    }

    public override void Tell(PendingCall call, JsonWriter message)
    {
        byte[] document = message.Written.ToArray();
        MessageWriter.Return(message);
        lock (_gate)
        {
            Task before = _told;
            _told = Background.RunApart(() => ArriveAfterAsync(before, document));
        }
    }

    public override void ContinuationFailed(Exception e) => _logger.ContinuationFailed(MemoryEndPoint.Instance, e);

    /// <summary>Ends the connection; open calls fail with what is known of them.</summary>
    public void Fail(Exception cause)
    {
        if (!_calls.TryClose(out PendingCall[]? calls))
        {
            return;
        }

        _memory.Remove(this);
        _closed(this);
        _channel.Lose();
        foreach (PendingCall call in calls)
        {
            CallExecution execution = call.HasParts ? CallExecution.Ran : CallExecution.Unknown;
            call.Complete(CallLoss.Lost(call, MemoryEndPoint.Instance, execution, cause, hasReplied: true), inline: false);
        }
    }

    /// <summary>The time of the call is over, unless it goes on in parts: a stream watches its own.</summary>
    private void Expire(PendingCall call)
    {
        if (call.Timeout != Timeout.InfiniteTimeSpan)
        {
            Abandon(call, CallLoss.TimedOut(call, MemoryEndPoint.Instance));
        }
    }

    /// <summary>Takes the document to the server, after the delay that a test has asked for.</summary>
    private void Transmit(JsonWriter message)
    {
        byte[] document = message.Written.ToArray();
        MessageWriter.Return(message);
        if (_memory.Faults.Delay is { } delay && delay > TimeSpan.Zero)
        {
            Background.RunApart(() => TransmitLaterAsync(document, delay)).Forget();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static sent => sent.Route.Arrive(sent.Document), (Route: this, Document: document), preferLocal: false);
        }
    }

    private async Task TransmitLaterAsync(byte[] document, TimeSpan delay)
    {
        await Task.Delay(delay, _options.TimeProvider).ConfigureAwait(false);
        ThreadPool.UnsafeQueueUserWorkItem(static sent => sent.Route.Arrive(sent.Document), (Route: this, Document: document), preferLocal: false);
    }

    private async Task ArriveAfterAsync(Task before, byte[] document)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        if (_memory.Faults.Delay is { } delay && delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _options.TimeProvider).ConfigureAwait(false);
        }

        Arrive(document);
    }

    private void Arrive(byte[] document)
    {
        if (_calls.IsClosed)
        {
            return;
        }

        if (_memory.Faults.TakesRequest())
        {
            Fail(new IOException("The test host has lost the request."));
            return;
        }

        _channel.Receive(document);
    }

    /// <summary>A reply has come, on a thread of the server.</summary>
    private void Deliver(byte[] frame)
    {
        if (_memory.Faults.TakesReply())
        {
            Fail(new IOException("The test host has lost the reply."));
            return;
        }

        Reply reply = ReplyReader.Read(frame, ResponseReader.GetId);
        if (reply.Kind == ReplyKind.Part)
        {
            if (_calls.Find(reply.Id) is { } open)
            {
                open.HasParts = true;
                ContinueWith(open, ResultReader.ReadPart(open, reply));
            }

            return;
        }

        if (reply.Kind is not (ReplyKind.Result or ReplyKind.Rejected) || _calls.Find(reply.Id) is not { } call || !_calls.TryTake(call))
        {
            return;
        }

        Exception? error = reply.Kind == ReplyKind.Rejected ? CallLoss.Rejected(call, MemoryEndPoint.Instance) : ResultReader.Read(call, reply, frame, ResponseReader.GetId, out _);
        call.Complete(error, inline: false);
    }

    private void ContinueWith(PendingCall call, Exception? error)
    {
        if (error is null)
        {
            call.ContinueWithPart(inline: false);
        }
        else
        {
            Abandon(call, error);
        }
    }
}
