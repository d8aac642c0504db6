using System.Runtime;

namespace Gaw.Benchmarks.Processes;

/// <summary>What a process has used since it began.</summary>
/// <param name="AllocatedBytes">On the managed heap.</param>
/// <param name="CpuSeconds">User and system time of all threads.</param>
/// <param name="ResidentBytes">Memory that is resident now.</param>
/// <param name="CompiledMethods">How often the runtime has compiled a method; once more counts again.</param>
internal sealed record Usage(long AllocatedBytes, double CpuSeconds, long ResidentBytes, long CompiledMethods)
{
    public static Usage Now() => new(
        GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime.TotalSeconds, Environment.WorkingSet, JitInfo.GetCompiledMethodCount());
}
