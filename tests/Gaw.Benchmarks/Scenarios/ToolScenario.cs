using System.Diagnostics;
using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Reports;

namespace Gaw.Benchmarks.Scenarios;

/// <summary><c>gaw call</c> against a running server, from its start to its exit, beside the smallest .NET program.</summary>
internal sealed class ToolScenario : Scenario
{
    public const string TheName = "tool";
    public const string Call = "gaw call";
    public const string GivenCall = "gaw call of --gaw";
    public const string Hello = "hello world";

    public static readonly Figure Duration = new("start to exit", "ms");

    public override string Name => TheName;

    public override string Title => "The command gaw";

    public override bool IsPlaced => false;

    public override async Task RunAsync(Field field, Results results)
    {
        CompareOptions options = field.Options;
        await using PeerPair pair = await PeerPair.StartAsync(AllPeers.Find(AllPeers.Gaw), field.Cpus);
        string[] call = ["call", $"127.0.0.1:{pair.Port}", "math/plus", "1", "2"];
        (string, string[], string)[] programs =
        [
            (Hello, [FindProgram("tests/Gaw.Benchmarks.Hello", "Gaw.Benchmarks.Hello")], "Hello, World!"),
            (Call, [FindProgram("src/Gaw.Tool", "Gaw.Tool"), .. call], "3"),
            .. options.Gaw is { } given ? [(GivenCall, [given, .. call], "3")] : Array.Empty<(string, string[], string)>(),
        ];
        await RoundsAsync(options, programs, async (program, counts) =>
        {
            (string name, string[] command, string expected) = program;
            long start = Stopwatch.GetTimestamp();
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
            string said = (await process.StandardOutput.ReadToEndAsync()).Trim();
            await process.WaitForExitAsync();
            TimeSpan duration = Stopwatch.GetElapsedTime(start);
            if (said != expected || process.ExitCode != 0)
            {
                throw new InvalidOperationException($"\"{string.Join(' ', command)}\" ended with {process.ExitCode} and said \"{said}\" in place of \"{expected}\".");
            }

            if (counts)
            {
                results.Add(Name, name, Duration, duration.TotalMilliseconds);
            }
        });
    }

    /// <summary>A program of this repository, built in the configuration of this one.</summary>
    private static string FindProgram(string project, string program)
    {
        // tests/Gaw.Benchmarks/bin/Release/net10.0/
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string root = Path.Combine(framework.FullName, "..", "..", "..", "..", "..");
        string file = Path.GetFullPath(Path.Combine(root, project, "bin", framework.Parent!.Name, framework.Name, OperatingSystem.IsWindows() ? program + ".exe" : program));
        return File.Exists(file) ? file : throw new FileNotFoundException($"{file} is not there: build {project} in the same configuration as this program.", file);
    }
}
