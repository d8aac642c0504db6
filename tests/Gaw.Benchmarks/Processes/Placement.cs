using System.Numerics;
using System.Runtime.InteropServices;

namespace Gaw.Benchmarks.Processes;

/// <summary>
/// Where and how urgently processes run. The calling thread is tied to one CPU, or given a priority, for a moment; a process that it starts inherits
/// that with its first thread, and so with all others. (What <see cref="System.Diagnostics.Process"/> offers is for one thread of a running process
/// only.) Linux only.
/// </summary>
internal static unsafe partial class Placement
{
    private const int Words = 16;
    private const int UrgentNiceness = -15;

    public static bool CanTie => OperatingSystem.IsLinux();

    /// <summary>Processes that are started from now on run before those of other programs.</summary>
    public static bool IsUrgent { get; set; }

    /// <summary>Runs <paramref name="start"/> so that what it starts runs where and as it shall.</summary>
    public static T Start<T>(bool pinned, Func<T> start)
    {
        if (IsUrgent)
        {
            SetNiceness(UrgentNiceness);
        }

        try
        {
            return pinned ? OnOneCpu(start) : start();
        }
        finally
        {
            if (IsUrgent)
            {
                SetNiceness(0);
            }
        }
    }

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

    private static void SetNiceness(int niceness)
    {
        const int ThisThread = 0;
        if (SetPriority(0, ThisThread, niceness) != 0)
        {
            throw new InvalidOperationException($"The priority cannot be set to {niceness} (errno {Marshal.GetLastPInvokeError()}): leave --urgent out, or run as root.");
        }
    }

    private static void Set(ulong* mask)
    {
        if (SetAffinity(0, Words * sizeof(ulong), mask) != 0)
        {
            throw new InvalidOperationException($"This thread cannot be tied to a CPU (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int niceness);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int pid, nint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int pid, nint bytes, ulong* mask);
}
