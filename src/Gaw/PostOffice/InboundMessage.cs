namespace Gaw.PostOffice;

/// <summary>What the layer above made of a message: read, checked and ready to run. Nothing in it points into the receive buffer any more.</summary>
internal abstract class InboundMessage
{
    /// <summary>The next message of the connection must not be touched before this one is answered, and it is answered even when its peer has stopped sending.</summary>
    public bool InOrder { get; protected set; }

    /// <summary>What is known of the work that the message asks for; <see langword="null"/> where nothing is kept of it.</summary>
    public virtual BlockingHabit? Habit => null;

    /// <summary>Something of the message lives until its reply is written, and <see cref="EndAsync"/> may take long: nobody is to wait for the reply meanwhile.</summary>
    public virtual bool HoldsResources => false;

    /// <summary>Does what the message asks for and replies through its connection. Never throws.</summary>
    public abstract ValueTask ProcessAsync();

    /// <summary>Ends what the message holds; called once, when <see cref="ProcessAsync"/> is done. The message is not to be touched afterwards. Never throws.</summary>
    public virtual ValueTask EndAsync() => default;
}

/// <summary>The one call upwards: makes a message ready to run, or replies to it at once and returns <see langword="null"/>. Never throws.</summary>
/// <param name="message">The document, valid UTF-8, in place: not to be used after the return.</param>
/// <param name="connection">Where it came from and where the reply goes.</param>
internal delegate InboundMessage? MessageHandler(ReadOnlyMemory<byte> message, ServerConnection connection);
