using System.Diagnostics;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;
using Gaw.Benchmarks.Scenarios;
using Gaw.Benchmarks.Smoke;

namespace Gaw.Benchmarks;

/// <summary>
/// Compares Gaw with bare sockets and other kinds of RPC, server and client in separate processes on the loopback interface, all of them this program,
/// under the runtime's default settings (but for two of processes on one CPU: <see cref="ChildProcess"/>), on one CPU and on two.
/// </summary>
/// <remarks>
/// Absolute values belong to the machine and its load; ratios of one run are what can be compared. So all peers are warmed up first
/// (<see cref="WarmUpPolicy"/>), then measured in rounds in which each has its turn, and the median of the rounds is taken. Every answer is checked.
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
        if (options.Smoke)
        {
            await WireCheck.RunAsync();
            Console.WriteLine("The bare sockets move the bytes that Gaw moves.");
            Console.WriteLine($"{await MicroCheck.RunAsync()} micro-benchmarks ran.");
            return 0;
        }

        IReadOnlyList<Goal> goals = Goals.Of(results);
        Console.Write(TableReport.Format(goals));
        double others = load.OthersShare();
        Console.WriteLine($"\n{Machine.Description}");
        Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s; other programs used {others:P0} of the machine meanwhile");
        if (options.Folder is { } folder)
        {
            string caption = $"{Machine.Description}; medians of {options.Rounds} interleaved rounds; other programs used {others:P0} of the machine";
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "results.json"), JsonReport.Write(results, goals, options, others));
            await File.WriteAllTextAsync(Path.Combine(folder, "speed.svg"), SvgPlot.Draw(results, options.Cpus, caption));
        }

        return 0;
    }

    private static async Task RunScenariosAsync(CompareOptions options, Results results)
    {
        Scenario[] wanted = [.. Scenario.All.Where(scenario => options.Wants(scenario.Name))];
        foreach (Cpus cpus in options.Cpus)
        {
            await RunAsync(wanted.Where(static scenario => scenario.IsPlaced), cpus, options, results);
        }

        await RunAsync(wanted.Where(static scenario => !scenario.IsPlaced), Cpus.All, options, results);
    }

    private static async Task RunAsync(IEnumerable<Scenario> scenarios, Cpus cpus, CompareOptions options, Results results)
    {
        await using Field field = new(cpus, options);
        foreach (Scenario scenario in scenarios)
        {
            await scenario.RunAsync(field, results);
            Console.Write(options.Smoke
                ? $"{scenario.KeyOn(cpus)}: answers are right\n"
                : TableReport.Format($"{scenario.Title}; both processes on {cpus.Name}", scenario.KeyOn(cpus), results));
        }
    }
}
