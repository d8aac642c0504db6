using System.Buffers;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.Nats.Engine;
using Gaw.Nats.Server.Requests;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;

namespace Gaw.Nats.Server;

/// <summary>
/// What clients say to a worker beside calls: "do you have this?" is answered on the loop that reads from the engine,
/// so that a process without a free thread still says that it lives; a cancellation finds its
/// call by the subject of that one's reply. And what a worker says by itself: "I have it", once, for a call that takes longer than a second.
/// </summary>
internal sealed class WorkerControl : IDisposable
{
    /// <summary>Nothing said here is larger.</summary>
    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Worker _worker;
    private readonly ITimer _timer;

    public WorkerControl(Worker worker)
    {
        _worker = worker;
        _timer = Background.CreateTimer(worker.PostOffice.Options.TimeProvider, static self => ((WorkerControl)self!).OnTick(), this, Period);
    }

    /// <summary>Takes what was sent to all workers of a service.</summary>
    public ValueTask ReceiveForAll(EngineMessage message) => Receive(message, isForOne: false);

    /// <summary>Takes what was sent to this worker by name: a question about itself, too.</summary>
    public ValueTask ReceiveForOne(EngineMessage message) => Receive(message, isForOne: true);

    public void Dispose() => _timer.Dispose();

    private ValueTask Receive(EngineMessage message, bool isForOne)
    {
        if (message.ReplyTo is not { Length: > 0 } replyTo || message.Payload.Length > MaxBytes)
        {
            return default;
        }

        byte[] payload = message.Payload.ToArray();
        if (!Opening.TryOpen(_worker.PostOffice.Protectors, payload, out Memory<byte> document, out IFrameProtector protector))
        {
            // Who sends with another secret learns it from the reply to a call.
            return isForOne ? _worker.Intake.ReceiveQuestion(message) : default;
        }

        if (ControlMessage.LooksLikeQuestion(document.Span))
        {
            Notify(document.Span, replyTo, protector, isForOne);
        }
        else if (AboutCall.Read(document.Span) is { } path)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static about => about.Run(), new AboutCall(_worker, path == CallTarget.Cancel.Path ? replyTo : null, document, protector), preferLocal: false);
        }
        else if (isForOne)
        {
            return _worker.Intake.ReceiveQuestion(message);
        }

        return default;
    }

    /// <summary>One that was asked by name always answers; of all that are asked, those that have something to say.</summary>
    private void Notify(ReadOnlySpan<byte> question, string replyTo, IFrameProtector protector, bool isForOne)
    {
        if (ControlMessage.ReadQuestion(question) is not { } keys)
        {
            return;
        }

        string inbox = NatsSubjects.InboxOf(replyTo);
        List<int> here = [.. keys.Where(key => IsHere(NatsSubjects.Reply(inbox, key)))];
        if (isForOne || here.Count > 0)
        {
            Say(replyTo, here, protector);
        }
    }

    private bool IsHere(string replySubject) => _worker.Requests.Find(replySubject) is not null || _worker.Outbox.Owes(replySubject);

    private void OnTick()
    {
        if (_worker.Intake.WaitingCount > 0)
        {
            long now = _worker.PostOffice.Options.TimeProvider.GetTimestamp();
            _worker.Requests.DropWaiting(ErrorFrame.OverdueBefore, request => request.IsOverdue(now));
            _worker.Requests.DropWaiting(ErrorFrame.Busy, request => _worker.PostOffice.Options.TimeProvider.GetElapsedTime(request.Arrived, now) >= Admission.LongestWait);
        }

        if (_worker.Requests.Running.Count > 0)
        {
            SendNotices();
        }
    }

    private void SendNotices()
    {
        foreach ((string inbox, List<(int Key, IFrameProtector Protector)> calls) in _worker.Requests.TakeDueNotices())
        {
            foreach (IGrouping<IFrameProtector, int> group in calls.GroupBy(static call => call.Protector, static call => call.Key))
            {
                Say(inbox + NatsSubjects.TakenToken, group, group.Key);
            }
        }
    }

    private void Say(string subject, IEnumerable<int> keys, IFrameProtector protector)
    {
        foreach (int[] some in keys.Chunk(ControlMessage.MaxKeys).DefaultIfEmpty([]))
        {
            JsonWriter writer = MessageWriter.Rent(int.MaxValue);
            ControlMessage.WriteRuns(writer, _worker.Name, some);
            _worker.Outbox.Post(subject, writer, protector);
        }
    }

    /// <summary>
    /// A cancellation, or a limit of a stream, on its way to its call. The mark of a cancellation is set before the call is
    /// looked for, which pairs with the order in <see cref="JsonWeb.Server.RunningCalls"/>: one of
    /// the two is met.
    /// </summary>
    private sealed record AboutCall(Worker Worker, string? Cancelled, Memory<byte> Document, IFrameProtector Protector)
    {
        /// <summary>What is said; <see langword="null"/>: it is nothing about a call.</summary>
        public static string? Read(ReadOnlySpan<byte> document)
        {
            try
            {
                return RequestReader.Read(document, JsonLimits.Default, out Request request) is not null ? null
                    : request.GetPath() is { } path && (path == CallTarget.Cancel.Path || path == CallTarget.Take.Path) ? path
                    : null;
            }
            catch (JsonFormatException)
            {
                return null;
            }
        }

        public void Run()
        {
            if (Cancelled is not null)
            {
                Worker.Requests.Find(Cancelled)?.Withdraw();
            }

            ForeignCode.BeginLoop();
            Worker.PostOffice.Handler(Document, new NatsChannel(Worker, null, Protector));
            ForeignCode.Leave();
        }
    }
}
