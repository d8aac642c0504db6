using System.Buffers;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.Nats.Server.Requests;

/// <summary>One request in its worker: it waits for a place among the calls that run where it has to, begins or is dropped, and is done when it has ended and its reply has left.</summary>
internal sealed class NatsRequest : QueuePlace
{
    private readonly Worker _worker;
    private readonly RequestRoute _route;

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
        Work = new RequestWork(worker, route, this);
        Work.Take(payload);
    }

    /// <summary>The subject of its reply.</summary>
    public string ReplyTo { get; }

    /// <inheritdoc cref="NatsSubjects.GetKey"/>
    public int Key { get; }

    /// <summary>On which of the engine's connections it came.</summary>
    public int Epoch { get; }

    /// <summary>When it came, as a time stamp of the worker's clock.</summary>
    public long Arrived { get; }

    /// <summary>What it asks for.</summary>
    public RequestWork Work { get; }

    /// <inheritdoc cref="RequestRoute.IsControl"/>
    public bool IsControl => _route.IsControl;

    /// <summary>It takes a place among the calls that may run. One that got none gives none back.</summary>
    public bool TakesSlot { get; set; }

    /// <inheritdoc/>
    public override bool IsWithdrawn => _isWithdrawn;

    public override bool IsDropped => _hold is { IsDropped: true };

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
            Work.Abandon(message, reason);
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

    /// <summary>A stream mostly waits, so it takes no place; only once it is read is it known to be one.</summary>
    public void GiveBackUnneeded(InboundMessage message)
    {
        if (TakesSlot && !message.TakesSlot)
        {
            TakesSlot = false;
            _worker.PostOffice.Slots!.Leave();
        }
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
            if (Work.Read() is { } message)
            {
                Work.Run(message, IsLikelyToBlock);
            }
        }
    }

    private void WaitForPlace(RequestHold hold)
    {
        if (Work.Read() is not { } message)
        {
            _worker.Intake.Began(this, wasHeld: true);
            return;
        }

        if (!message.TakesSlot)
        {
            // A stream, as it turns out.
            _worker.Intake.Began(this, wasHeld: true);
            Work.Run(message, IsLikelyToBlock);
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
            Work.Abandon(message, reason);
        }
        else
        {
            Work.Run(message, IsLikelyToBlock);
        }

        return true;
    }
}
