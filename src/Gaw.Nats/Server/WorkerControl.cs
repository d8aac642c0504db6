using System.Buffers;
using Gaw.JsonWeb.Envelopes;
using Gaw.Nats.Engine;
using Gaw.Nats.Server.Requests;
using Gaw.Nats.Wire;
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
    /// <summary>A question is no larger. Items of arguments may be.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>What is said of a call beside its items is smaller by far.</summary>
    private const int MaxBytesAboutCall = 64 * 1024;

    /// <summary>So many bytes about calls may wait for a thread of the pool. A flood of them is dropped; calls end by their time all the same.</summary>
    private const long MaxWaitingBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Worker _worker;
    private readonly ITimer _timer;

    /// <summary>A counter: the additions pair with each other, and with the read of the one loop that adds.</summary>
    private long _waitingBytes;

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
        if (message.ReplyTo is not { Length: > 0 } replyTo || message.Payload.Length > Math.Max(MaxBytes, _worker.PostOffice.Options.MaxFrameBytes))
        {
            return default;
        }

        int length = (int)message.Payload.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        message.Payload.CopyTo(buffer);
        bool isOpen = Opening.TryOpen(_worker.PostOffice.Protectors, buffer.AsMemory(0, length), out Memory<byte> document, out IFrameProtector protector);
        if (isOpen && AboutCall.Read(document.Span) is { } path)
        {
            TakeAboutCall(path, replyTo, document, buffer, protector);
            return default;
        }

        bool isQuestion = isOpen && ControlMessage.LooksLikeQuestion(document.Span);
        if (isQuestion && length <= MaxBytes)
        {
            Notify(document.Span, replyTo, protector, isForOne);
        }

        // Who sends with another secret learns it from the reply to a call.
        ArrayPool<byte>.Shared.Return(buffer);
        return isForOne && !isQuestion ? _worker.Intake.ReceiveQuestion(message) : default;
    }

    /// <summary>Items keep their order. What else is said of a call does not wait behind them.</summary>
    private void TakeAboutCall(string path, string replyTo, Memory<byte> document, byte[] buffer, IFrameProtector protector)
    {
        if (path == CallTarget.Send.Path)
        {
            if (_worker.Requests.Find(replyTo)?.Work.TryTakeItems(document, buffer) != true)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        else if (document.Length <= MaxBytesAboutCall && TryReserve(buffer.Length))
        {
            string? cancelled = path == CallTarget.Cancel.Path ? replyTo : null;
            ThreadPool.UnsafeQueueUserWorkItem(static about => about.Control.Handle(about.Cancelled, about.Document, about.Buffer, about.Protector), (Control: this, Cancelled: cancelled, Document: document, Buffer: buffer, Protector: protector), preferLocal: false);
        }
        else
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _waitingBytes, bytes) <= MaxWaitingBytes)
        {
            return true;
        }

        Interlocked.Add(ref _waitingBytes, -bytes);
        return false;
    }

    /// <summary>
    /// A cancellation, or a limit of a stream, gets to its call. The mark of a cancellation is set before the call is looked for, which pairs with the order in
    /// <see cref="JsonWeb.Server.RunningCalls"/>: one of the two is met.
    /// </summary>
    private void Handle(string? cancelled, Memory<byte> document, byte[] buffer, IFrameProtector protector)
    {
        if (cancelled is not null)
        {
            _worker.Requests.Find(cancelled)?.Withdraw();
        }

        AboutCall.Handle(_worker, document, protector);
        ArrayPool<byte>.Shared.Return(buffer);
        Interlocked.Add(ref _waitingBytes, -buffer.Length);
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
            RunsNotice.Post(_worker, replyTo, here, protector);
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
                RunsNotice.Post(_worker, inbox + NatsSubjects.TakenToken, group, group.Key);
            }
        }
    }
}
