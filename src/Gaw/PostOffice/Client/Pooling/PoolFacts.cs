namespace Gaw.PostOffice.Client.Pooling;

/// <summary>What is known of a pool when a call needs a connection.</summary>
/// <param name="HasRoom">A connection takes a call that would not wait behind another.</param>
/// <param name="TakesCalls">A connection takes calls, be it behind others.</param>
/// <param name="IsBelowLimit">A further connection may be opened.</param>
/// <param name="IsOpening">A connection is being opened.</param>
/// <param name="Mode">How the server answers, as far as one of the connections has learned it.</param>
/// <param name="WaitedForMode">How long this call has waited to learn it; zero: not yet.</param>
internal readonly record struct PoolFacts(bool HasRoom, bool TakesCalls, bool IsBelowLimit, bool IsOpening, ServerMode Mode, TimeSpan WaitedForMode)
{
    public bool HasWaited => WaitedForMode > TimeSpan.Zero;
}
