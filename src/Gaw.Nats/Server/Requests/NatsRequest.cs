using System.Buffers;
using Gaw.JsonWeb.Server;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.Nats.Server.Requests;

/// <summary>One request: taken off the loop that reads from the engine, opened, bound and run on a thread of the pool. It is done when it has ended and its reply has left.</summary>
internal sealed class NatsRequest : QueuePlace
{
    private readonly Worker _worker;
    private readonly RequestRoute _route;
    private readonly RequestPayload _payload;

    /// <summary>Written in <see cref="Withdraw"/> before the look at the hold; pairs with the read in <see cref="WaitForPlace"/>, after the hold waits.</summary>
    private volatile bool _isWithdrawn;

    /// <summary>The exchange pairs with itself: of several questions one says that the request is here.</summary>
    private int _noticed;

    /// <summary>It waits for a place, or has waited; written before it is queued.</summary>
    private RequestHold? _hold;

    /// <summary>The work, and each reply that has not left. The decrement pairs with itself and with the increment: one of the parts is the last.</summary>
    private int _parts = 1;

    public NatsRequest(Worker worker, RequestRoute route, string replyTo, in ReadOnlySequence<byte> payload)
        : base(route.Predictor is { IsLikely: true })
    {
        _worker = worker;
        _route = route;
        ReplyTo = replyTo;
        TakesSlot = !route.IsControl && worker.PostOffice.LimitsCalls;
        Key = NatsSubjects.GetKey(replyTo);
        Epoch = worker.Link.Epoch;
        Arrived = worker.PostOffice.Options.TimeProvider.GetTimestamp();
        _payload = new RequestPayload(payload);
    }

    /// <summary>The subject of its reply.</summary>
    public string ReplyTo { get; }

    /// <inheritdoc cref="NatsSubjects.GetKey"/>
    public int Key { get; }

    /// <summary>On which of the engine's connections it came.</summary>
    public int Epoch { get; }

    /// <summary>When it came, as a time stamp of the worker's clock.</summary>
    public long Arrived { get; }

    /// <summary>What it came sealed with; <see langword="null"/>: it was not opened yet, so nobody knows whether it is a request at all.</summary>
    public IFrameProtector? Protector => _payload.Protector;

    /// <summary>What it takes until it begins.</summary>
    public int Bytes => _payload.Length;

    /// <summary>It takes a place among the calls that may run. One that got none gives none back.</summary>
    public bool TakesSlot { get; set; }

    /// <summary>Its replies are parts, which are of use in their order only: none is sent once more.</summary>
    public bool IsStream { get; private set; }

    /// <inheritdoc/>
    public override bool IsWithdrawn => _isWithdrawn;

    public override bool IsDropped => _hold is { IsDropped: true };

    /// <summary>It has run, well or not; for the statistics of its method.</summary>
    public void CountRun(bool hasFailed) => _route.Stats.Count(_worker.PostOffice.Options.TimeProvider.GetElapsedTime(Arrived), hasFailed);

    /// <summary>Its caller wants it no more. The mark comes first, which pairs with the order in <see cref="WaitForPlace"/>.</summary>
    public void Withdraw()
    {
        _isWithdrawn = true;
        TryDrop(ErrorFrame.CancelledBefore);
    }

    /// <summary>Ends it without running it, where it waits for a place.</summary>
    public void TryDrop(ErrorInfo reason)
    {
        if (_hold?.TryDrop() is { } message)
        {
            _worker.PostOffice.Slots!.Forget();
            _worker.Intake.Began(this, wasHeld: true);
            Abandon(message, reason);
        }
    }

    /// <summary>It waits for a place longer than its caller waits for it.</summary>
    /// <param name="now">The worker's time stamp.</param>
    public bool IsOverdue(long now) => _hold is { } hold && hold.IsOverdue(now);

    /// <summary>Has it read on a thread of the pool, and run as soon as there is a place for it.</summary>
    public void Hold()
    {
        _hold = new RequestHold();
        Queue();
    }

    /// <summary>Its caller is told that it is here: once.</summary>
    public bool TryMarkNoticed() => Interlocked.Exchange(ref _noticed, 1) == 0;

    /// <summary>A reply is on its way; it counts until <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref _parts);

    /// <summary>A part is done. The worker forgets the request after the last one: who asks for a call that is not here has had its reply.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _parts) == 0)
        {
            _worker.Forget(this);
        }
    }

    /// <summary>Answers that there is no place for it, on the loop that reads: so a flood is read no faster than it is answered.</summary>
    public void ReplyBusy()
    {
        if (Open(out Memory<byte> document, out IFrameProtector protector))
        {
            Rejections.ReplyBusy(new NatsChannel(_worker, this, protector), document.Span);
        }

        _payload.Return();
    }

    protected override void Begin()
    {
        ForeignCode.BeginLoop();
        if (_hold is { IsArriving: true } arriving)
        {
            WaitForPlace(arriving);
        }
        else if (_hold is not null && !TryBeginHeld(_hold))
        {
            // It was dropped as its turn came.
            _worker.PostOffice.Slots!.Leave();
        }
        else if (_hold is null)
        {
            _worker.Intake.Began(this, wasHeld: false);
            Run(Read());
        }
    }

    private void WaitForPlace(RequestHold hold)
    {
        if (Read() is not { } message)
        {
            _worker.Intake.Began(this, wasHeld: true);
            return;
        }

        hold.Wait(message);
        _worker.PostOffice.Slots!.Enqueue(this);
        if (_isWithdrawn || _worker.IsCutOff)
        {
            TryDrop(_isWithdrawn ? ErrorFrame.CancelledBefore : ErrorFrame.StoppedBefore);
        }
    }

    private bool TryBeginHeld(RequestHold hold)
    {
        if (hold.TryBegin() is not { } message)
        {
            return false;
        }

        TakesSlot = true;
        GiveBackUnneeded(message);
        _worker.Intake.Began(this, wasHeld: true);
        if (Rejections.GetReasonNotToRun(_worker, _route, message, _isWithdrawn) is { } reason)
        {
            Abandon(message, reason);
        }
        else
        {
            Run(message);
        }

        return true;
    }

    /// <summary>A stream mostly waits, so it takes no place; only now is it known to be one.</summary>
    private void GiveBackUnneeded(InboundMessage message)
    {
        if (TakesSlot && !message.TakesSlot)
        {
            TakesSlot = false;
            _worker.PostOffice.Slots!.Leave();
        }
    }

    private void Run(InboundMessage? message)
    {
        long began = Environment.TickCount64;
        if (message is not null)
        {
            RequestRun.OfThread.Process(message, _worker, this);
        }

        if (IsLikelyToBlock)
        {
            _route.Predictor!.Took(Environment.TickCount64 - began);
        }
    }

    /// <summary>Makes the request ready to run; <see langword="null"/>: it is answered already, or will not run.</summary>
    private InboundMessage? Read()
    {
        if (!Open(out Memory<byte> document, out IFrameProtector protector))
        {
            _payload.Return();
            Leave();
            return null;
        }

        NatsChannel channel = new(_worker, this, protector);
        InboundMessage? message = _worker.IsBridge && !_route.Takes(document.Span) ? Rejections.ReplyMisaddressed(_route, channel, document.Span) : _worker.PostOffice.Handler(document, channel);
        ForeignCode.Leave();
        _payload.Return();
        if (message is null)
        {
            Leave();
            return null;
        }

        GiveBackUnneeded(message);
        IsStream = message is ServerCall { Stream: not null };
        _route.Predictor ??= message.Predictor;
        message.Place = this;
        if (Rejections.GetReasonNotToRun(_worker, _route, message, _isWithdrawn) is not { } reason)
        {
            return message;
        }

        Abandon(message, reason);
        return null;
    }

    private void Abandon(InboundMessage message, ErrorInfo reason)
    {
        message.Abandon(reason);
        message.Place = null;
        message.EndAsync().Forget();
        Leave();
    }

    private bool Open(out Memory<byte> document, out IFrameProtector protector)
    {
        if (_payload.TryOpen(_worker.PostOffice.Protectors, out document, out protector))
        {
            return true;
        }

        Rejections.ReplyBadSeal(_worker, new NatsChannel(_worker, this, protector));
        return false;
    }
}
