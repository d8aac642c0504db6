namespace Gaw.Scheduling;

/// <summary>
/// The time that passed while the machine slept: the monotonic clock of Linux does not count it, and what lies between two peers forgets their connection meanwhile all the same. It
/// shows as a jump of the wall clock against the monotonic one. A wall clock that is set forward looks alike, and costs an idle connection at most; one that is set back is no sleep.
/// </summary>
/// <param name="time">Both clocks.</param>
internal struct SuspendedTime(TimeProvider time)
{
    /// <summary>What the two clocks may differ in otherwise: they are read one after the other, and one of them is being corrected.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(1);

    private TimeSpan _difference = GetDifference(time, time.GetTimestamp());

    /// <summary>The time that was slept since the last <see cref="Take"/>.</summary>
    /// <param name="now">A time stamp of the monotonic clock.</param>
    public readonly TimeSpan Peek(long now) => GetSleep(GetJump(now));

    /// <summary>As <see cref="Peek"/>; it is not reported again.</summary>
    /// <param name="now">A time stamp of the monotonic clock.</param>
    public TimeSpan Take(long now)
    {
        TimeSpan jump = GetJump(now);

        // A step back is forgotten, too: set right again, the clock would seem to have slept.
        _difference += jump;
        return GetSleep(jump);
    }

    private static TimeSpan GetSleep(TimeSpan jump) => jump > TimeSpan.Zero ? jump : TimeSpan.Zero;

    /// <summary>What the wall clock has gained on the monotonic one: nothing, a sleep, or the negative of how far it was set back.</summary>
    private readonly TimeSpan GetJump(long now)
    {
        TimeSpan jump = GetDifference(time, now) - _difference;
        return jump.Duration() < Noise ? TimeSpan.Zero : jump;
    }

    private static TimeSpan GetDifference(TimeProvider time, long now) =>
        TimeSpan.FromTicks(time.GetUtcNow().UtcTicks) - time.GetElapsedTime(0, now);
}
