namespace Gaw.PostOffice;

/// <summary>
/// Code of the service that runs on a thread of ours: each message in an execution context of its own, and nothing that it sets there (an <c>AsyncLocal</c>,
/// the culture, the principal, the current activity, a synchronization context) is seen by what runs on the thread after it.
/// </summary>
internal static class ForeignCode
{
    private static readonly AsyncLocal<RunningCall?> Running = new();

    /// <summary>The context of a pool thread that begins a piece of work.</summary>
    private static ExecutionContext? _clean;

    /// <summary>The synchronous work that this thread is in.</summary>
    [ThreadStatic]
    private static RunningCall? _onThread;

    /// <summary>The work that the current code belongs to, awaited or let go; it may have ended since, and then stays so.</summary>
    public static RunningCall? Call => Running.Value ?? _onThread;

    /// <summary>To be called where a piece of the pool's work begins, before anything else runs in it.</summary>
    public static void BeginLoop() => _clean ??= ExecutionContext.Capture();

    /// <summary>From here on the thread runs code for this work.</summary>
    public static void Enter(RunningCall work)
    {
        if (work.Context is { } context)
        {
            ExecutionContext.Restore(context);
            return;
        }

        // What the arguments' own code has set while they were read is not the context to begin with.
        ExecutionContext.Restore(_clean!);
        Running.Value = work;
        work.Context = ExecutionContext.Capture();
    }

    /// <summary>
    /// From here on the thread runs synchronous code for this work. Only the thread knows: code that is let go here is of no call, so the next one costs no context of its own.
    /// </summary>
    /// <returns>For <see cref="LeaveThread"/>.</returns>
    public static RunningCall? EnterThread(RunningCall work)
    {
        RestoreCleanContext();
        RunningCall? outer = _onThread;
        _onThread = work;
        return outer;
    }

    /// <summary>The synchronous code is done.</summary>
    public static void LeaveThread(RunningCall? outer) => _onThread = outer;

    /// <summary>The thread is ours again.</summary>
    public static void Leave()
    {
        RestoreCleanContext();
        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private static void RestoreCleanContext()
    {
        if (ExecutionContext.Capture() != _clean)
        {
            ExecutionContext.Restore(_clean!);
        }
    }
}
