using System.Diagnostics;

namespace Gaw.Benchmarks.Processes;

/// <summary>The times of a run's calls, one by one, in room that is taken beforehand; and the clock.</summary>
internal static class CallTimes
{
    private static readonly long[] Times = new long[1 << 20];

    public static int Most => Times.Length;

    /// <summary>Touches the room, so that the kernel gives it now.</summary>
    public static void Prepare() => Array.Clear(Times);

    public static void Keep(int call, long ticks) => Times[call] = ticks;

    /// <summary>In microseconds, of the first so many calls.</summary>
    public static (double Median, double P99) Percentiles(int calls)
    {
        Span<long> times = Times.AsSpan(0, calls);
        times.Sort();
        return (ToSeconds(times[calls / 2]) * 1e6, ToSeconds(times[(int)(calls * 0.99)]) * 1e6);
    }

    public static long ToTicks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    public static double ToSeconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
