namespace Gaw.Scheduling;

/// <summary>One thread of the process that looks at all loops with work in them, and sleeps while there are none.</summary>
internal static class StallWatchdog
{
    public const int QuietTicks = 100;

    private static readonly Lock Gate = new();
    private static readonly ManualResetEventSlim Wanted = new();
    private static List<LoopLease> _added = [];
    private static bool _started;

    public static void Add(LoopLease run)
    {
        lock (Gate)
        {
            _added.Add(run);
            _started = _started || Background.TryStart(Watch, "gaw stall watch");
        }

        Wanted.Set();
    }

    /// <summary>What goes wrong with one of them, as where the system has no thread left for its loop, keeps the watch from none of the others.</summary>
    private static bool TryLook(LoopLease run)
    {
        try
        {
            return run.Look();
        }
        catch (Exception)
        {
            return true;
        }
    }

    private static void Watch()
    {
        List<LoopLease> watched = [];
        List<LoopLease> taken = [];
        while (true)
        {
            if (watched.Count == 0)
            {
                Wanted.Wait();
            }

            Wanted.Reset();
            lock (Gate)
            {
                (taken, _added) = (_added, taken);
            }

            watched.AddRange(taken);
            taken.Clear();
            watched.RemoveAll(static run => !TryLook(run));
            Thread.Sleep(LoopLease.StallMilliseconds);
        }
    }
}
