using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice;

/// <summary>What the layer above made of a message: read, checked and ready to run. Nothing in it points into the receive buffer any more.</summary>
internal abstract class InboundMessage
{
    private RunningCall? _work;
    private bool _mayBeOutlived;

    /// <summary>The next message of the connection must not be touched before this one is answered, and it is answered even when its peer has stopped sending.</summary>
    public bool InOrder { get; protected set; }

    /// <summary>Predicts whether the work keeps its thread; <see langword="null"/> where nothing is known of it.</summary>
    public BlockingPredictor? Predictor { get; protected set; }

    /// <summary>
    /// <see cref="ProcessAsync"/> runs to its end on the thread that calls it, and so does all code of the message: a synchronous method without filters.
    /// </summary>
    public virtual bool StaysOnThread => false;

    /// <summary>It asks about the server itself, so it takes no place among <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>.</summary>
    public virtual bool IsControl => false;

    /// <summary>It takes a place among <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>. A stream, which mostly waits for its peer, takes none.</summary>
    public virtual bool TakesSlot => !IsControl;

    /// <summary>What another message withdraws it by; <see langword="null"/>: it cannot be.</summary>
    public virtual UInt128? Number => null;

    /// <summary>The server's time stamp from which on its peer waits for it no more.</summary>
    public virtual long Deadline => long.MaxValue;

    /// <summary>It is wanted although its connection is gone, as the peer may come back for the reply.</summary>
    public virtual bool OutlivesConnection => false;

    /// <summary>Something of the message lives until its reply is written, and <see cref="EndAsync"/> may take long: nobody is to wait for the reply meanwhile.</summary>
    public virtual bool HoldsResources => false;

    /// <summary>It was answered with an error. To be asked between <see cref="ProcessAsync"/> and <see cref="EndAsync"/>.</summary>
    public virtual bool HasFailed => false;

    /// <summary>For the carrier: its place in the queue, until it has ended; <see langword="null"/> where it began as it came.</summary>
    public QueuePlace? Place { get; set; }

    /// <summary>Its peer wants it no more; said when it had begun, perhaps before it could be told.</summary>
    public bool IsWithdrawn => Place is { IsWithdrawn: true };

    /// <summary>Where the message came from.</summary>
    public abstract ReplyChannel Channel { get; }

    /// <summary>Does what the message asks for and replies through its channel. Never throws.</summary>
    public abstract ValueTask ProcessAsync();

    /// <summary>Replies, in place of <see cref="ProcessAsync"/>, that the message has not been run. Never throws.</summary>
    public abstract void Abandon(ErrorInfo reason);

    /// <summary>Ends what the message holds; called once, when <see cref="ProcessAsync"/> or <see cref="Abandon"/> is done. The message is not to be touched afterwards. Never throws.</summary>
    public virtual ValueTask EndAsync() => default;

    /// <summary>Its work begins.</summary>
    public RunningCall Begin()
    {
        RunningCall work = _work ??= new RunningCall();
        work.Begin(Channel);
        return work;
    }

    /// <summary>
    /// Code of the message may go on when the message has ended, and keeps what it runs in: the next message must not be found there. To be said before <see cref="Leave"/>
    /// unless the work ended where it began and left nothing behind. A task, timer or thread that is let go takes memory, so work that took none has let nothing go.
    /// </summary>
    public void MayBeOutlived() => _mayBeOutlived = true;

    /// <summary>Its work goes on after the reply, to end what it holds: whoever takes the work ends it, in place of <see cref="Leave"/>. The next message has another.</summary>
    public RunningCall TakeWork()
    {
        RunningCall work = _work!;
        _mayBeOutlived = false;
        _work = null;
        return work;
    }

    /// <summary>Its work is done.</summary>
    /// <returns>It has waited for the server to stop.</returns>
    public bool Leave()
    {
        RunningCall work = _work!;
        if (_mayBeOutlived)
        {
            _mayBeOutlived = false;
            _work = null;
        }

        return work.End();
    }
}
