using System.Globalization;

namespace Gaw.Benchmarks.Processes;

/// <summary>How much of the machine other programs took while something ran: what they took, the figures are wrong by. Linux only.</summary>
internal sealed class MachineLoad
{
    private readonly (double Busy, double Own) _start = Read();
    private readonly long _startedAt = Environment.TickCount64;

    /// <summary>The share of all CPUs that other programs used since this object was made; children of this process count once they have ended.</summary>
    public double OthersShare()
    {
        (double busy, double own) = Read();
        double seconds = (Environment.TickCount64 - _startedAt) / 1000.0 * Environment.ProcessorCount;
        return Math.Clamp((busy - _start.Busy - (own - _start.Own)) / seconds, 0, 1);
    }

    /// <summary>Seconds of CPU time: of everything on the machine, and of this process with its ended children.</summary>
    private static (double Busy, double Own) Read()
    {
        const double TicksPerSecond = 100;
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }

        // "cpu user nice system idle iowait irq softirq ..."
        string[] cpu = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double busy = Sum(cpu[1..4]) + Sum(cpu[6..8]);

        // Behind the name in brackets: state, ten more fields, then utime, stime, cutime, cstime.
        string self = File.ReadAllText("/proc/self/stat");
        string[] fields = self[(self.LastIndexOf(')') + 2)..].Split(' ');
        return (busy / TicksPerSecond, Sum(fields[11..15]) / TicksPerSecond);
    }

    private static double Sum(IEnumerable<string> ticks) => ticks.Sum(static t => double.Parse(t, CultureInfo.InvariantCulture));
}
