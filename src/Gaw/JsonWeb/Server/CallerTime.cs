namespace Gaw.JsonWeb.Server;

/// <summary>How long a caller waits, from the moment when its call came. Pure.</summary>
/// <param name="timeout">As the caller says it; <see langword="null"/>: without end.</param>
/// <param name="arrived">When the call came, as a time stamp of the server's clock.</param>
internal readonly struct CallerTime(TimeSpan? timeout, long arrived)
{
    /// <summary>The caller's own clock comes first: its time-out says more than the error of a cancelled method.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>A longer time-out is none.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromDays(20);

    /// <summary>The time stamp from which on the caller waits no more; <see cref="long.MaxValue"/>: there is none.</summary>
    public long GetDeadline(TimeProvider clock) =>
        timeout is { } time && time < MostTime ? arrived + (long)(time.TotalSeconds * clock.TimestampFrequency) : long.MaxValue;

    /// <summary>The time until the method is told to stop, never below zero; <see cref="Timeout.InfiniteTimeSpan"/> where there is no end.</summary>
    public TimeSpan GetLimit(TimeProvider clock)
    {
        if (timeout is not { } time || time >= MostTime)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan rest = time + Grace - clock.GetElapsedTime(arrived);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }
}
