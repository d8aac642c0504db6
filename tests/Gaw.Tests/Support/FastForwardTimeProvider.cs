using System.Collections.Concurrent;

namespace Gaw.Tests.Support;

/// <summary>
/// A clock on which every wait of up to <paramref name="longest"/> is over at once, and the time has gone on by it: pauses can be counted
/// without being made. Longer waits and repeated ones never end.
/// </summary>
public sealed class FastForwardTimeProvider(TimeSpan longest) : TimeProvider
{
    private readonly ConcurrentQueue<(TimeSpan At, TimeSpan Wait)> _waits = new();
    private long _ticks;

    /// <summary>What has passed.</summary>
    public TimeSpan Passed => new(Volatile.Read(ref _ticks));

    /// <summary>All waits that were made, with the time at which they began.</summary>
    public IReadOnlyCollection<(TimeSpan At, TimeSpan Wait)> Waits => _waits;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <remarks>Not from 0 on: nobody's clock begins there.</remarks>
    public override long GetTimestamp() => TimeSpan.TicksPerDay + Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // What ends something that lasts too long, as a deadline does, is no wait.
        if (state is CancellationTokenSource || period != Timeout.InfiniteTimeSpan || dueTime > longest || dueTime == Timeout.InfiniteTimeSpan)
        {
            return new Over();
        }

        _waits.Enqueue((Passed, dueTime));
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
