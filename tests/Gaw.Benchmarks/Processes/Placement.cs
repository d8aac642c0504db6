using System.Numerics;
using System.Runtime.InteropServices;

namespace Gaw.Benchmarks.Processes;

/// <summary>
/// Where processes run. The calling thread is tied to some CPUs for a moment; a process that it starts inherits that with its first
/// thread, and so with all others. (<see cref="System.Diagnostics.Process.ProcessorAffinity"/> is for one thread of a running process only.) Linux only.
/// </summary>
internal static unsafe partial class Placement
{
    private const int Words = 16;

    public static bool CanTie => OperatingSystem.IsLinux();

    /// <summary>Starts a process on the last so many of the CPUs that this one may use; 0 for all of them.</summary>
    public static T Start<T>(int cpus, Func<T> start) => cpus == 0 ? start() : OnLast(cpus, start);

    private static T OnLast<T>(int cpus, Func<T> start)
    {
        ulong* all = stackalloc ulong[Words];
        ulong* last = stackalloc ulong[Words];
        new Span<ulong>(all, Words).Clear();
        new Span<ulong>(last, Words).Clear();
        if (GetAffinity(0, Words * sizeof(ulong), all) < 0)
        {
            throw new InvalidOperationException($"The CPUs of this thread cannot be read (errno {Marshal.GetLastPInvokeError()}).");
        }

        for (int word = Words - 1; word >= 0 && cpus > 0; word--)
        {
            for (ulong rest = all[word]; rest != 0 && cpus > 0; cpus--)
            {
                ulong bit = 1UL << BitOperations.Log2(rest);
                last[word] |= bit;
                rest &= ~bit;
            }
        }

        Set(last);
        try
        {
            return start();
        }
        finally
        {
            Set(all);
        }
    }

    private static void Set(ulong* mask)
    {
        if (SetAffinity(0, Words * sizeof(ulong), mask) != 0)
        {
            throw new InvalidOperationException($"This thread cannot be tied to a CPU (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int pid, nint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int pid, nint bytes, ulong* mask);
}
