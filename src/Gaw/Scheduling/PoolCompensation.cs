namespace Gaw.Scheduling;

/// <summary>
/// Threads of the pool that are kept by what blocks: for each, the pool has one thread more that it starts without waiting. By itself it would
/// replace them only one or two a second, while nothing else in the process went on.
/// </summary>
internal static class PoolCompensation
{
    private static readonly Lock Gate = new();
    private static PoolMinimum _minimum;
    private static int _count;

    public static void Change(int by)
    {
        lock (Gate)
        {
            // The end of a run may be told before the beginning of its stall.
            _count += by;
            ThreadPool.GetMinThreads(out int present, out int completionPorts);
            ThreadPool.GetMaxThreads(out int most, out _);
            int wanted = _minimum.Next(present, _count, most);
            if (wanted != present && ThreadPool.SetMinThreads(wanted, completionPorts))
            {
                _minimum.WasSet(wanted);
            }
        }
    }
}
