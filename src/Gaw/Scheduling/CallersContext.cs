namespace Gaw.Scheduling;

/// <summary>
/// Foreign asynchronous code begins on a caller's thread, which then waits for it. What it awaits must not come back there: neither through the thread's
/// <see cref="SynchronizationContext"/> nor through its <see cref="TaskScheduler"/>.
/// </summary>
internal readonly ref struct CallersContext
{
    private readonly SynchronizationContext? _context;

    private CallersContext(SynchronizationContext? context) => _context = context;

    /// <summary>Until the end of the scope the current thread has no synchronization context.</summary>
    public static CallersContext Leave()
    {
        CallersContext left = new(SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(null);
        return left;
    }

    /// <summary>Begins the work on this thread, inside a task of the default scheduler: that is the one which an <c>await</c> then sees.</summary>
    public static Task RunHere<T>(Func<T, Task> work, T state) => TaskScheduler.Current == TaskScheduler.Default ? work(state) : RunUnscheduled(work, state);

    /// <summary>The thread has its context back.</summary>
    public void Dispose() => SynchronizationContext.SetSynchronizationContext(_context);

    private static Task RunUnscheduled<T>(Func<T, Task> work, T state)
    {
        Task<Task> first = new(() => work(state));
        first.RunSynchronously(TaskScheduler.Default);
        return first.GetAwaiter().GetResult();
    }
}
