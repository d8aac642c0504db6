using System.Diagnostics;

namespace Gaw.Shared;

/// <summary>The end of a time that began once, by the monotonic clock: every step on the way gets what is left of it, never the whole again.</summary>
internal readonly struct Deadline(TimeSpan limit)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>What is left, never below zero; <see cref="Timeout.InfiniteTimeSpan"/> where there is no end.</summary>
    public TimeSpan Rest => RestOf(limit, Stopwatch.GetElapsedTime(_began));

    public bool IsOver => Rest == TimeSpan.Zero;

    /// <summary>What is left, for a socket: 0 is no end there, so 1 is the least.</summary>
    public int SocketMilliseconds => Rest is var rest && rest == Timeout.InfiniteTimeSpan ? 0 : (int)Math.Clamp(rest.TotalMilliseconds, 1, int.MaxValue);

    /// <summary>What is left of a time, never below zero; <see cref="Timeout.InfiniteTimeSpan"/> where there is no end.</summary>
    public static TimeSpan RestOf(TimeSpan limit, TimeSpan elapsed) =>
        limit == Timeout.InfiniteTimeSpan ? limit
        : limit > elapsed ? limit - elapsed
        : TimeSpan.Zero;

    /// <summary>What is left, at most <paramref name="most"/>.</summary>
    public TimeSpan RestUpTo(TimeSpan most) => Rest is var rest && rest != Timeout.InfiniteTimeSpan && rest < most ? rest : most;
}
