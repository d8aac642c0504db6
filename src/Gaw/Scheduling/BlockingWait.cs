namespace Gaw.Scheduling;

/// <summary>
/// The one door to every wait that blocks a caller's thread. While it lasts, a reading loop that the thread holds goes to another thread, a thread
/// of the pool is replaced (<see cref="PoolCompensation"/>), and no <see cref="SynchronizationContext"/> of the caller hears of it: it could run
/// foreign code, or be waited for by what this thread waits for.
/// </summary>
internal readonly ref struct BlockingWait : IDisposable
{
    private readonly LoopLease? _watched;
    private readonly long _token;
    private readonly SynchronizationContext? _context;
    [ThreadStatic]
    private static LoopLease? _ofThread;

    [ThreadStatic]
    private static bool _isInside;

    private BlockingWait(LoopLease? watched, SynchronizationContext? context)
    {
        _context = context;
        if (context is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        if (watched is not null)
        {
            _isInside = true;
            _watched = watched;
            _token = watched.Enter();
        }
    }

    /// <summary>The wait begins; it ends with <see cref="Dispose"/>, on the same thread.</summary>
    public static BlockingWait Enter()
    {
        LoopLease.GiveUpCurrent();

        // Inside a wait a reply's reader may run code of the user's that waits again: the thread is replaced once.
        bool isWatched = Thread.CurrentThread.IsThreadPoolThread && !_isInside;
        return new BlockingWait(isWatched ? _ofThread ??= LoopLease.ForWait() : null, SynchronizationContext.Current);
    }

    public void Dispose()
    {
        if (_watched is not null)
        {
            _watched.TryLeave(_token);
            _isInside = false;
        }

        if (_context is not null)
        {
            SynchronizationContext.SetSynchronizationContext(_context);
        }
    }
}
