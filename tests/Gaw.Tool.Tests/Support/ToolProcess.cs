using System.Diagnostics;
using System.Runtime.InteropServices;
using Gaw.Tests.Support;

namespace Gaw.Tool.Tests.Support;

/// <summary>A program in a process of its own.</summary>
public sealed partial class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<string> _error;

    private ToolProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The tool as it was built.</summary>
    public static string Tool => Path.Combine(AppContext.BaseDirectory, "Gaw.Tool.dll");

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static ToolProcess Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };

        // A test runner's own settings are nothing to its children.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        // An installed tool looks for the runtime here; this process runs on one.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ToolRun> RunAsync(string program, IEnumerable<string> arguments, string? folder = null)
    {
        await using ToolProcess process = Start(program, arguments, folder);
        process._process.StandardInput.Close();
        string output = await process._process.StandardOutput.ReadToEndAsync().WithinAsync(Limit, () => $"{program} did not end");
        return new ToolRun(await process.WaitAsync(), output.ReplaceLineEndings("\n"), (await process._error).ReplaceLineEndings("\n"));
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WithinAsync(TestTimeouts.Limit, () => "no line came") ?? throw new InvalidOperationException($"The program ended: {await _error}");

    /// <summary>Starts <c>gaw run</c> and reads where it serves.</summary>
    public static async Task<(ToolProcess Process, string Address)> ServeAsync(params string[] arguments)
    {
        ToolProcess process = Start("dotnet", [Tool, "run", .. arguments, "--port", "0"]);
        string line = await process.ReadLineAsync();
        return (process, line[(line.IndexOf(" on ", StringComparison.Ordinal) + 4)..line.IndexOf(". Ctrl", StringComparison.Ordinal)]);
    }

    /// <summary>What the process complained of, once it has ended.</summary>
    public async Task<string> ErrorAsync() => await _error;

    /// <summary>Asks the process to end, as a service manager does.</summary>
    public void Terminate() => Kill(_process.Id, 15).Should().Be(0);

    /// <summary>Ctrl+C.</summary>
    public void Interrupt() => Kill(_process.Id, 2).Should().Be(0);

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WithinAsync(Limit, () => "the program did not end");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
