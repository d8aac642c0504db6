using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gaw.Tool.Running;

/// <summary>Lets another program go on in this one's place.</summary>
internal static partial class ProcessImage
{
    /// <summary>On Unix the other program takes over the process: its id, terminal, environment and open files, and the call does not return. On Windows this one waits for it.</summary>
    /// <param name="program">The file.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <param name="variable">A variable more in its environment.</param>
    /// <returns>The exit code of the other program.</returns>
    /// <exception cref="ToolException">The system does not start it.</exception>
    public static async Task<int> ReplaceAsync(string program, string[] arguments, (string Name, string Value)? variable = null)
    {
        if (!OperatingSystem.IsWindows())
        {
            throw Become(program, arguments, variable);
        }

        // Ctrl+C reaches both: the other program lets its calls finish, and this one waits for that.
        Console.CancelKeyPress += static (_, pressed) => pressed.Cancel = true;
        ProcessStartInfo start = new(program, arguments);
        if (variable is { } more)
        {
            start.Environment[more.Name] = more.Value;
        }

        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }

    private static ToolException Become(string program, string[] arguments, (string Name, string Value)? variable)
    {
        IEnumerable<string> environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static v => $"{v.Key}={v.Value}");
        _ = Execute(program, [program, .. arguments, null], [.. environment, .. variable is { } more ? [$"{more.Name}={more.Value}"] : Array.Empty<string>(), null]);
        Win32Exception problem = new(Marshal.GetLastPInvokeError());
        return ToolException.NothingToRun($"{program} cannot be started: {problem.Message}. Repair the installation of .NET.", problem);
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] environment);
}
