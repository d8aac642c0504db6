using System.Numerics;
using System.Runtime.InteropServices;

namespace Gaw.Benchmarks.Processes;

/// <summary>
/// Where processes run. The calling thread is tied to one CPU for a moment; a process that it starts inherits that with its first
/// thread, and so with all others. (<see cref="System.Diagnostics.Process.ProcessorAffinity"/> is for one thread of a running process only.) Linux only.
/// </summary>
internal static unsafe partial class Placement
{
    private const int Words = 16;

    public static bool CanTie => OperatingSystem.IsLinux();

    public static T Start<T>(bool pinned, Func<T> start) => pinned ? OnOneCpu(start) : start();

    private static T OnOneCpu<T>(Func<T> start)
    {
        ulong* all = stackalloc ulong[Words];
        ulong* one = stackalloc ulong[Words];
        if (GetAffinity(0, Words * sizeof(ulong), all) < 0)
        {
            throw new InvalidOperationException($"The CPUs of this thread cannot be read (errno {Marshal.GetLastPInvokeError()}).");
        }

        // The last of the CPUs that this process may use.
        int last = Words - 1;
        while (all[last] == 0)
        {
            last--;
        }

        one[last] = 1UL << BitOperations.Log2(all[last]);
        Set(one);
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
