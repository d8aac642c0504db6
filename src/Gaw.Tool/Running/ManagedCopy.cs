using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gaw.Tool.Running;

/// <summary>
/// The managed program that lies beside a native one in its package. A native program starts in a fraction of the time, but cannot load the
/// assembly of a service: what has to, it leaves to the managed copy.
/// </summary>
internal static partial class ManagedCopy
{
    /// <summary>Why a member is for the managed program alone.</summary>
    public const string Reason = "A program that is compiled ahead of time cannot load assemblies.";

    /// <summary>Whether this program is a managed one, and loads assemblies itself.</summary>
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [UnconditionalSuppressMessage("Trimming", "IL4000", Justification = "Only the native program is trimmed, and it has no code that is made while it runs.")]
    public static bool IsThisProgram => RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>Hands the whole command line over. On Unix this process becomes the managed copy, and the call does not return; on Windows it waits for it.</summary>
    /// <returns>The exit code of the managed copy.</returns>
    /// <exception cref="ToolException">There is no managed copy, no .NET to run it with, or the system does not start it.</exception>
    public static async Task<int> RunAsync(Terminal terminal)
    {
        string copy = Path.Combine(AppContext.BaseDirectory, "managed", "Gaw.Tool.dll");
        if (!File.Exists(copy))
        {
            throw ToolException.NothingToRun($"Services are run by the managed part of the tool, and there is no {copy}. Install the tool again: dotnet tool uninstall, then install.");
        }

        string host = FindHost(terminal.GetVariable)
            ?? throw ToolException.NothingToRun("Services are run with .NET, and there is no dotnet in DOTNET_ROOT or on the path. Install .NET 10, or let DOTNET_ROOT name its folder.");
        string[] arguments = [copy, .. Environment.GetCommandLineArgs()[1..]];
        return OperatingSystem.IsWindows() ? await RunChildAsync(host, arguments).ConfigureAwait(false) : throw Become(host, arguments);
    }

    /// <summary>The command <c>dotnet</c> that the environment names; <see langword="null"/> if there is none.</summary>
    public static string? FindHost(Func<string, string?> getVariable)
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string?[] folders = [getVariable("DOTNET_ROOT"), .. getVariable("PATH")?.Split(Path.PathSeparator) ?? []];
        return folders.Where(static folder => !string.IsNullOrEmpty(folder)).Select(folder => Path.Combine(folder!, name))
            .Prepend(getVariable("DOTNET_HOST_PATH")).FirstOrDefault(File.Exists);
    }

    /// <summary>Puts another program into this process, which keeps its id, terminal, environment and open files.</summary>
    /// <returns>Why that could not be done.</returns>
    private static ToolException Become(string host, string[] arguments)
    {
        _ = Execute(host, [host, .. arguments, null]);
        Win32Exception problem = new(Marshal.GetLastPInvokeError());
        return ToolException.NothingToRun($"{host} cannot be started: {problem.Message}. Repair the installation of .NET.", problem);
    }

    private static async Task<int> RunChildAsync(string host, string[] arguments)
    {
        // Ctrl+C reaches both: the managed copy lets its calls finish, and this program waits for that.
        Console.CancelKeyPress += static (_, pressed) => pressed.Cancel = true;
        using Process process = Process.Start(new ProcessStartInfo(host, arguments))!;
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
