using System.Diagnostics;
using System.Runtime.InteropServices;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;
using Gaw.Benchmarks.Scenarios;
using Gaw.Benchmarks.Smoke;

namespace Gaw.Benchmarks;

/// <summary>
/// Compares Gaw with bare sockets and other kinds of RPC, server and client in separate processes on the loopback interface, all of them this program,
/// under the runtime's default settings (but for when processes on one CPU compile: <see cref="ChildProcess"/>).
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
        Console.WriteLine($"\n{Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s; other programs used {others:P0} of the machine meanwhile");
        if (options.Folder is { } folder)
        {
            string caption = $"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} CPUs, medians of {options.Rounds} interleaved rounds; other programs used {others:P0} of the machine";
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "results.json"), JsonReport.Write(results, goals, options, others));
            await File.WriteAllTextAsync(Path.Combine(folder, "speed.svg"), SvgPlot.Draw(results, caption));
        }

        return 0;
    }

    private static async Task RunScenariosAsync(CompareOptions options, Results results)
    {
        if (options.Wants(LatencyScenario.OneCpu) && Placement.CanTie)
        {
            await using Field pinned = new(pinned: true, options);
            await RunAsync(new LatencyScenario(pinned: true), pinned, options, results);
        }

        await using (Field field = new(pinned: false, options))
        {
            foreach (Scenario scenario in new Scenario[] { new LatencyScenario(pinned: false), new LoadScenario(), new EchoScenario(), new StreamScenario() })
            {
                await RunAsync(scenario, field, options, results);
            }
        }

        await using Field none = new(pinned: false, options);
        foreach (Scenario scenario in new Scenario[] { new IdleScenario(), new StartScenario(), new ToolScenario() })
        {
            await RunAsync(scenario, none, options, results);
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
