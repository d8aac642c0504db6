namespace Gaw.PostOffice.Sockets;

/// <summary>What is known of the other side of a connection.</summary>
internal enum PeerState
{
    /// <summary>Nothing against it.</summary>
    Open,

    /// <summary>It has sent its last, and may still read.</summary>
    Finished,

    /// <summary>The connection is gone: neither side can send.</summary>
    Lost,
}
