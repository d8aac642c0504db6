namespace Gaw.PostOffice.Client.Pooling;

/// <summary>
/// How the calls of a client share its connections. Pure: facts in, decision out. Of a multiplexing server one connection carries any number of calls, so there is always room.
/// Of a sequential one each call gets a connection of its own up to <c>MaxConnections</c>, and waits for a free one beyond it. A server that has not answered yet is asked for its
/// mode by waiting, briefly while a further connection may be opened, longer when none may.
/// </summary>
internal readonly record struct PoolDecision(PoolStep Step, TimeSpan ModeTime = default)
{
    /// <summary>How long a call waits for the server's first reply before another connection is opened for it.</summary>
    public static readonly TimeSpan ModeProbeTime = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a call waits for it once no further connection may be opened, before it is sent behind others. If they are slow and the server is sequential, it has to wait
    /// for them.
    /// </summary>
    public static readonly TimeSpan LongModeProbeTime = TimeSpan.FromSeconds(1);

    public static PoolDecision Decide(in PoolFacts facts) => facts switch
    {
        { HasRoom: true } => new(PoolStep.Send),
        { IsOpening: true, HasWaited: false } when !MayQueueBehind(facts) => new(PoolStep.Open),
        { IsBelowLimit: true, TakesCalls: false } or { IsBelowLimit: true, Mode: ServerMode.Sequential } or { IsBelowLimit: true, HasWaited: true } => new(PoolStep.Open),
        { IsBelowLimit: true } => new(PoolStep.WaitForMode, ModeProbeTime),
        _ when MayQueueBehind(facts) => new(PoolStep.QueueBehind),
        { TakesCalls: true, Mode: ServerMode.Unknown, HasWaited: false } => new(PoolStep.WaitForMode, LongModeProbeTime),
        { TakesCalls: true, Mode: ServerMode.Unknown } when facts.WaitedForMode >= LongModeProbeTime => new(PoolStep.QueueBehind),

        // While it waited for the mode, the last connection that may be opened was opened: the case is another one now.
        { HasWaited: true } => new(PoolStep.Send),
        _ => new(PoolStep.WaitForCapacity),
    };

    /// <summary>
    /// Every connection that may be opened still waits for its first reply, so nobody knows whether the server multiplexes. Queueing behind one costs no more than waiting here.
    /// </summary>
    private static bool MayQueueBehind(in PoolFacts facts) => facts is { IsBelowLimit: false, TakesCalls: true, Mode: ServerMode.Silent };
}
