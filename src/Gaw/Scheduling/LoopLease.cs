using System.Diagnostics;

namespace Gaw.Scheduling;

/// <summary>
/// The lease of a read loop while foreign code (a service's method, a caller's continuation) runs on its thread: handing the code to another
/// thread would cost more than most of it takes. Where it takes long, the watchdog has <paramref name="takeOver"/> start another loop, so that
/// the connection goes on. The thread that comes back late finds its lease gone and leaves. Where the loop runs on threads of the pool
/// (<paramref name="onPool"/>), such a thread is made up for (<see cref="PoolCompensation"/>). One that is not watched (<paramref name="isWatched"/>) keeps its loop.
/// </summary>
internal sealed class LoopLease(Action takeOver, bool onPool = false, bool isWatched = true)
{
    /// <summary>Code that keeps its thread this long is taken over, at the latest after twice the time.</summary>
    public const int StallMilliseconds = 10;

    /// <summary>The run of a client's reading thread that the current thread is in.</summary>
    [ThreadStatic]
    private static (LoopLease Run, long Token) _current;

    /// <summary>Odd while work runs. The exchange in TryEnd pairs with itself: of the thread that leaves and the watchdog that takes over, one ends the run.</summary>
    private long _state;

    /// <summary>
    /// 1 while the watchdog has it. The exchange in <see cref="Enter"/>, after the state is raised, pairs with the
    /// one in <see cref="Look"/>, before the state is read again. So a run that begins while
    /// the watchdog lets go is not lost.
    /// </summary>
    private int _watched = isWatched ? 0 : 1;

    private long _seen;
    private int _quietTicks;

    /// <summary>A wait in place of a loop: the watchdog sees that it lasts, and <see cref="PoolCompensation"/> replaces its thread of the pool. There is nothing to take over.</summary>
    public static LoopLease ForWait() => new(static () => { }, onPool: true);

    /// <summary>Until <see cref="LeaveCurrent"/> the current thread is in this run, which is given up as soon as the thread waits for anything.</summary>
    public void MakeCurrent(long token) => _current = (this, token);

    /// <inheritdoc cref="MakeCurrent"/>
    public static void LeaveCurrent() => _current = default;

    /// <summary>The current thread is about to block: a reading thread that waits for a reply would wait for itself.</summary>
    public static void GiveUpCurrent() => _current.Run?.GiveUp(_current.Token);

    /// <summary>The work begins.</summary>
    /// <returns>What <see cref="TryLeave"/> wants back.</returns>
    public long Enter()
    {
        long token = Interlocked.Increment(ref _state);
        Debug.Assert(IsRunning(token), "entered twice");
        if (_watched == 0 && Interlocked.Exchange(ref _watched, 1) == 0)
        {
            StallWatchdog.Add(this);
        }

        return token;
    }

    /// <summary>The work is over. <see langword="false"/>: it took so long that another thread has the loop.</summary>
    public bool TryLeave(long token)
    {
        if (TryEnd(token))
        {
            return true;
        }

        if (onPool)
        {
            PoolCompensation.Change(-1);
        }

        return false;
    }

    /// <summary>Gives the loop away at once, from within the work: it is about to wait for something that only the loop can bring.</summary>
    public void GiveUp(long token)
    {
        if (TryEnd(token))
        {
            if (onPool)
            {
                PoolCompensation.Change(1);
            }

            takeOver();
        }
    }

    /// <summary>One tick of the <see cref="StallWatchdog"/>. <see langword="false"/>: nothing has run for a while, stop watching.</summary>
    public bool Look()
    {
        long state = Volatile.Read(ref _state);
        if (state != _seen)
        {
            _seen = state;
            _quietTicks = 0;
            return true;
        }

        if (IsRunning(state))
        {
            GiveUp(state);
            return true;
        }

        if (++_quietTicks < StallWatchdog.QuietTicks)
        {
            return true;
        }

        _quietTicks = 0;
        Interlocked.Exchange(ref _watched, 0);
        bool began = Volatile.Read(ref _state) != state;
        return began && Interlocked.Exchange(ref _watched, 1) == 0;
    }

    private bool TryEnd(long token) => Interlocked.CompareExchange(ref _state, token + 1, token) == token;

    private static bool IsRunning(long state) => (state & 1) == 1;
}
