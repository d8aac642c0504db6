namespace Gaw.PostOffice;

/// <summary>What the layer above made of a message: read, checked and ready to run. Nothing in it points into the receive buffer any more.</summary>
internal abstract class InboundMessage
{
    private const int NotRunning = 0;
    private const int Running = 1;
    private const int AwaitingStop = 2;

    private int _state;

    /// <summary>The next message of the connection must not be touched before this one is answered, and it is answered even when its peer has stopped sending.</summary>
    public bool InOrder { get; protected set; }

    /// <summary>What is known of the work that the message asks for; <see langword="null"/> where nothing is kept of it.</summary>
    public virtual BlockingHabit? Habit => null;

    /// <summary>It asks about the server itself, so it takes no place among <see cref="PostOfficeServerOptions.MaxConcurrentCalls"/>.</summary>
    public virtual bool IsControl => false;

    /// <summary>What another message withdraws it by; <see langword="null"/>: it cannot be.</summary>
    public virtual UInt128? Number => null;

    /// <summary>The server's time stamp from which on its peer waits for it no more.</summary>
    public virtual long Deadline => long.MaxValue;

    /// <summary>It is wanted although its connection is gone, as the peer may come back for the answer.</summary>
    public virtual bool OutlivesConnection => false;

    /// <summary>Something of the message lives until its reply is written, and <see cref="EndAsync"/> may take long: nobody is to wait for the reply meanwhile.</summary>
    public virtual bool HoldsResources => false;

    /// <summary>Where it waits, or has waited, for its work to begin; <see langword="null"/> where it began as it came.</summary>
    public virtual HeldMessage? Held { get; set; }

    /// <summary>The context that its work runs in. Made once for each object: it holds nothing but the object.</summary>
    public ExecutionContext? Context { get; set; }

    /// <summary>Does what the message asks for and replies through its connection. Never throws.</summary>
    public abstract ValueTask ProcessAsync();

    /// <summary>Replies, in place of <see cref="ProcessAsync"/>, that the message has not been run. Never throws.</summary>
    public abstract void Abandon(FailureFrame reason);

    /// <summary>Ends what the message holds; called once, when <see cref="ProcessAsync"/> or <see cref="Abandon"/> is done. The message is not to be touched afterwards. Never throws.</summary>
    public virtual ValueTask EndAsync() => default;

    /// <summary>The connection that the message came on.</summary>
    public abstract ServerConnection Connection { get; }

    /// <summary>Its work begins.</summary>
    public void Begin() => Volatile.Write(ref _state, Running);

    /// <summary>Its work waits for the server to stop, which therefore must not wait for it.</summary>
    /// <param name="isFirst">It has not waited before.</param>
    /// <returns><see langword="false"/>: nothing of it runs.</returns>
    public bool TryAwaitStop(out bool isFirst)
    {
        int state = Interlocked.CompareExchange(ref _state, AwaitingStop, Running);
        isFirst = state == Running;
        return state != NotRunning;
    }

    /// <summary>Its work is done.</summary>
    /// <returns>It has waited for the server to stop.</returns>
    public bool Leave() => Interlocked.Exchange(ref _state, NotRunning) == AwaitingStop;
}

/// <summary>The one call upwards: makes a message ready to run, or replies to it at once and returns <see langword="null"/>. Never throws.</summary>
/// <param name="message">The document, valid UTF-8, in place: not to be used after the return.</param>
/// <param name="connection">Where it came from and where the reply goes.</param>
internal delegate InboundMessage? MessageHandler(ReadOnlyMemory<byte> message, ServerConnection connection);
