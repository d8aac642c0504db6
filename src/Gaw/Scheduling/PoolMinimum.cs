namespace Gaw.Scheduling;

/// <summary>
/// The least number of threads that the pool starts without waiting. It is the program's own figure plus the threads that are kept. A figure that
/// is not the one set here last was set by the program, whenever that was, and counts from then on.
/// </summary>
internal struct PoolMinimum
{
    /// <summary>Beyond so many kept threads the pool grows as it always does.</summary>
    private const int MaxAdded = 1000;

    private int _ofProgram;
    private int _set;

    /// <param name="present">What the pool says now.</param>
    /// <param name="kept">Threads that are kept; below zero for a moment where an end is told before its beginning.</param>
    /// <param name="most">The pool takes no minimum above it.</param>
    /// <returns>What it should be.</returns>
    public int Next(int present, int kept, int most)
    {
        if (present != _set)
        {
            _ofProgram = present;
            _set = present;
        }

        return Math.Max(_ofProgram, Math.Min(_ofProgram + Math.Clamp(kept, 0, MaxAdded), most));
    }

    /// <summary>The pool has taken the figure.</summary>
    public void WasSet(int minimum) => _set = minimum;
}
