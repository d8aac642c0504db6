namespace Gaw.PostOffice;

/// <summary>
/// Threads of the pool that are kept by what blocks: for each, the pool has one thread more that it starts without waiting. By itself it would
/// replace them only one or two a second, while nothing else in the process went on.
/// </summary>
internal static class KeptThreads
{
    /// <summary>Beyond it the pool grows as it always does.</summary>
    private const int MaxAdded = 1000;

    private static readonly Lock Gate = new();
    private static int _count;
    private static int _added;

    public static void Change(int by)
    {
        lock (Gate)
        {
            // The end of a run may be told before the beginning of its stall.
            _count += by;
            int wanted = Math.Clamp(_count, 0, MaxAdded);
            ThreadPool.GetMinThreads(out int workers, out int completionPorts);
            if (wanted != _added && ThreadPool.SetMinThreads(workers + wanted - _added, completionPorts))
            {
                _added = wanted;
            }
        }
    }
}
