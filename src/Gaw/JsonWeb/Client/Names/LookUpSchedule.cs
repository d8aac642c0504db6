using Gaw.Scheduling;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>When the names of servers are asked for again: every five seconds, and soon after a failed connect. Used under the gate of its owner.</summary>
/// <param name="time">The client's clock.</param>
/// <param name="tick">Asks again.</param>
internal sealed class LookUpSchedule(TimeProvider time, Action tick)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Failures make no more look-ups than one in this time.</summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private ITimer? _timer;
    private long _askedAt;

    /// <summary>Somebody wants the names: they are asked for again and again from now on.</summary>
    public void GoOn() => _timer ??= Background.CreateTimer(time, static tick => ((Action)tick!)(), tick, Interval);

    /// <summary>The names are asked for now; the next time is counted from here.</summary>
    public void Begin()
    {
        _askedAt = time.GetTimestamp();
        _timer?.Change(Interval, Interval);
    }

    /// <summary>A server could not be connected: its name may say something else by now. Nothing happens where nobody asks at all.</summary>
    public void Hasten()
    {
        TimeSpan since = time.GetElapsedTime(_askedAt);
        _timer?.Change(since < FailurePause ? FailurePause - since : TimeSpan.Zero, Interval);
    }

    /// <summary>The names are asked for no more, until <see cref="GoOn"/>.</summary>
    public void Stop()
    {
        _timer?.Dispose();
        _timer = null;
    }
}
