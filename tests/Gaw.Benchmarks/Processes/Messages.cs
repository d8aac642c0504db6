using System.Runtime;

namespace Gaw.Benchmarks.Processes;

internal enum Verb
{
    /// <summary>The process's <see cref="Processes.Usage"/>.</summary>
    Usage,

    /// <summary>The same after a full collection of garbage.</summary>
    UsageAfterCollection,

    /// <summary>One caller, one call after the other, each one timed. A <see cref="Run"/>.</summary>
    Sequence,

    /// <summary>Several callers on one client. A <see cref="Run"/>.</summary>
    Load,

    /// <summary>Echoes of a text, one after the other. A <see cref="Run"/>.</summary>
    EchoText,

    /// <summary>Echoes of the list, one after the other. A <see cref="Run"/>.</summary>
    EchoItems,

    /// <summary>Streams of <see cref="Order.Count"/> items, one after the other. A <see cref="Run"/>, whose calls are items.</summary>
    Stream,

    /// <summary>As <see cref="Sequence"/>, beside as many streams as there are callers. A <see cref="Run"/>.</summary>
    Beside,

    /// <summary>Opens connections, makes one call on each and keeps them. A <see cref="Run"/>.</summary>
    Hold,
}

internal enum Way
{
    Await,
    Sync,
}

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

/// <summary>What a client or a server process is asked for, a line of JSON on its standard input. It answers with a line of JSON.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Way">How to call.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Callers">From how many places at once.</param>
/// <param name="Count">How many connections, or the most calls.</param>
/// <param name="Characters">The size of an echoed text.</param>
internal sealed record Order(Verb Verb, Way Way = Way.Await, double Seconds = 0, int Callers = 1, int Count = int.MaxValue, int Characters = 0);

/// <summary>What a client process measured.</summary>
/// <param name="Calls">How many calls were made; all of them gave the right answer.</param>
/// <param name="Seconds">How long they took together.</param>
/// <param name="MedianMicroseconds">Of a call's time, where calls were timed one by one.</param>
/// <param name="P99Microseconds">Of a call's time, where calls were timed one by one.</param>
/// <param name="Allocated">Bytes the client process allocated in all.</param>
/// <param name="CpuSeconds">CPU time the client process used.</param>
/// <param name="CompiledMethods">How often the client process has compiled a method since it began, as in <see cref="Usage"/>.</param>
internal sealed record Run(long Calls, double Seconds, double MedianMicroseconds, double P99Microseconds, long Allocated, double CpuSeconds, long CompiledMethods);
