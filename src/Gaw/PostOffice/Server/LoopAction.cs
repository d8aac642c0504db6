namespace Gaw.PostOffice.Server;

/// <summary>What the loop of a connection does next.</summary>
internal enum LoopAction
{
    /// <summary>No complete frame is left.</summary>
    Receive,

    /// <summary>Nothing more is received: the peer has ended its stream, or the connection is drained.</summary>
    Finish,

    /// <summary>Too many reply bytes wait to be sent.</summary>
    AwaitSent,

    /// <summary>An in-order message runs.</summary>
    AwaitReply,

    /// <summary>Too many messages wait for their turn.</summary>
    AwaitRoom,

    /// <summary>The peer is told why it is not served any more.</summary>
    Refuse,

    /// <summary>The connection is cut off. Nobody could be answered, so messages that have not begun are not run.</summary>
    CutOff,

    /// <summary>Another thread has taken the loop over.</summary>
    LoopLost,
}
