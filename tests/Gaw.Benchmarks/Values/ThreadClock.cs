using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gaw.Benchmarks.Values;

/// <summary>The CPU time of the calling thread: neither other programs nor the compiler's and the collector's own threads are in it. On Linux; elsewhere the time of the clock.</summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Microseconds
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return Stopwatch.GetElapsedTime(0).TotalMicroseconds;
            }

            // Two 64-bit numbers on each 64-bit Linux.
            long* time = stackalloc long[2];
            return GetTime(ThreadCpuTime, time) == 0 ? (time[0] * 1e6) + (time[1] / 1e3) : throw new InvalidOperationException($"The CPU time of this thread cannot be read (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, long* time);
}
