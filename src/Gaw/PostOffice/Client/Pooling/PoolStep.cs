namespace Gaw.PostOffice.Client.Pooling;

/// <summary>What a call does next that found no connection with room.</summary>
internal enum PoolStep
{
    /// <summary>It tries again to be sent.</summary>
    Send,

    /// <summary>It waits for a connection that is being opened, which begins now unless it has begun before.</summary>
    Open,

    /// <summary>It waits for a first reply, which tells the server's mode, for <see cref="PoolDecision.ModeTime"/> at most; then it asks again.</summary>
    WaitForMode,

    /// <summary>It waits until a connection becomes free.</summary>
    WaitForCapacity,

    /// <summary>It is sent behind the calls of the connection that has the fewest.</summary>
    QueueBehind,
}
