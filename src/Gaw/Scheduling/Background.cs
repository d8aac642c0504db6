namespace Gaw.Scheduling;

/// <summary>Work of our own that is nobody's: it keeps no caller's <see cref="ExecutionContext"/>, and a system that has no thread left ends no process.</summary>
internal static class Background
{
    /// <summary>Starts a thread. <see langword="false"/>: there is none to be had.</summary>
    public static bool TryStart(Action work, string name)
    {
        try
        {
            new Thread(static work => ((Action)work!)()) { IsBackground = true, Name = name }.UnsafeStart(work);
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    /// <summary>Starts a thread, or takes one of the pool where there is none to be had.</summary>
    public static void Start(Action work, string name)
    {
        if (!TryStart(work, name))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);
        }
    }

    /// <summary>Begins work of ours that goes on for long: it does not keep the ambient context of whoever brings it about.</summary>
    public static T RunApart<T>(Func<T> work)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return work();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return work();
        }
    }

    /// <summary>Makes a timer that does not run in the context of whoever makes it.</summary>
    public static ITimer CreateTimer(TimeProvider time, TimerCallback callback, object state, TimeSpan period) => CreateTimer(time, callback, state, period, period);

    /// <inheritdoc cref="CreateTimer(TimeProvider, TimerCallback, object, TimeSpan)"/>
    public static ITimer CreateTimer(TimeProvider time, TimerCallback callback, object state, TimeSpan due, TimeSpan period) =>
        RunApart(() => time.CreateTimer(callback, state, due, period));
}
