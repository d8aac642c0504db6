using System.Diagnostics;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;
using Gaw.Benchmarks.Scenarios;

namespace Gaw.Benchmarks;

/// <summary>
/// Compares Gaw with bare sockets and other kinds of RPC, server and client in separate processes on the loopback interface, all of them this program,
/// under the runtime's default settings.
/// </summary>
/// <remarks>
/// Absolute values belong to the machine and its load; ratios of one run are what can be compared. So all peers are warmed up first
/// (<see cref="Field"/>), then measured in rounds in which each has its turn, and the median of the rounds is taken. Every answer is checked.
/// </remarks>
internal static class Compare
{
    public const string Command = "compare";

    public static async Task<int> RunAsync(CompareOptions options)
    {
#if DEBUG
        if (!options.Smoke)
        {
            await Console.Error.WriteLineAsync("This is a Debug build, whose figures mean nothing. Use: dotnet run -c Release --project tests/Gaw.Benchmarks -- compare");
            return 1;
        }
#endif
        long start = Stopwatch.GetTimestamp();
        MachineLoad load = new();
        Results results = new();
        await RunScenariosAsync(options, results);
        Console.WriteLine($"\n{Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s; other programs used {load.OthersShare():P0} of the machine meanwhile");
        return 0;
    }

    private static async Task RunScenariosAsync(CompareOptions options, Results results)
    {
        if (options.Wants(LatencyScenario.OneCpu) && Affinity.IsSupported)
        {
            await using Field pinned = new(pinned: true, options);
            await RunAsync(new LatencyScenario(pinned: true), pinned, options, results);
        }

        await using Field field = new(pinned: false, options);
        foreach (Scenario scenario in new Scenario[] { new LatencyScenario(pinned: false), new LoadScenario(), new EchoScenario() })
        {
            await RunAsync(scenario, field, options, results);
        }
    }

    private static async Task RunAsync(Scenario scenario, Field field, CompareOptions options, Results results)
    {
        if (options.Wants(scenario.Name))
        {
            await scenario.RunAsync(field, options, results);
            Console.Write(options.Smoke ? $"{scenario.Name}: answers are right\n" : TableReport.Format(scenario.Title, scenario.Name, results));
        }
    }
}
