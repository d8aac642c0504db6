using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Running;

/// <summary>
/// The managed program that lies beside a native one in its package. A native program starts in a fraction of the time, but cannot load the
/// assembly of a service: what has to, it leaves to the managed copy. The managed program leaves it to another process of its own, where the
/// services need shared frameworks or settings of the runtime that this one was not started with.
/// </summary>
internal static class ManagedCopy
{
    /// <summary>Why a member is for the managed program alone.</summary>
    public const string Reason = "A program that is compiled ahead of time cannot load assemblies.";

    /// <summary>Tells the process which settings it was started with, and which file it has to delete.</summary>
    private const string Variable = "GAW_RUN_CONFIG";
    private const string FolderPrefix = "gaw-run-";
    private const string ConfigName = "gaw.runtimeconfig.json";

    /// <summary>The tool's own folder. Services in this process are told of theirs.</summary>
    private static readonly string Folder = AppContext.BaseDirectory;

    /// <summary>Whether this program is a managed one, and loads assemblies itself.</summary>
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [UnconditionalSuppressMessage("Trimming", "IL4000", Justification = "Only the native program is trimmed, and it has no code that is made while it runs.")]
    public static bool IsThisProgram => RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>Whether this process was started with what the services need. It is not asked for twice.</summary>
    public static bool IsRestarted { get; private set; }

    /// <summary>Hands the whole command line over. On Unix this process becomes the managed copy, and the call does not return; on Windows it waits for it.</summary>
    /// <returns>The exit code of the managed copy.</returns>
    /// <exception cref="ToolException">There is no managed copy, no .NET to run it with, or the system does not start it.</exception>
    public static Task<int> RunAsync(Terminal terminal)
    {
        string copy = Path.Combine(Folder, "managed", "Gaw.Tool.dll");
        if (!File.Exists(copy))
        {
            throw ToolException.NothingToRun($"Services are run by the managed part of the tool, and there is no {copy}. Install the tool again: dotnet tool uninstall, then install.");
        }

        string host = DotnetHost.Find(terminal.GetVariable)
            ?? throw ToolException.NothingToRun("Services are run with .NET, and there is no dotnet in DOTNET_ROOT or on the path. Install .NET 10, or let DOTNET_ROOT name its folder.");
        return ProcessImage.ReplaceAsync(host, [copy, .. Environment.GetCommandLineArgs()[1..]]);
    }

    /// <summary>Starts again, with the shared frameworks and settings of the services.</summary>
    /// <exception cref="ToolException">The system does not start it.</exception>
    public static async Task<int> RestartAsync(HostPlan.Restart plan, Terminal terminal)
    {
        string program = Path.Combine(Folder, "Gaw.Tool.dll");
        string config = Path.Combine(Directory.CreateTempSubdirectory(FolderPrefix).FullName, ConfigName);
        await File.WriteAllTextAsync(config, plan.RuntimeConfig).ConfigureAwait(false);
        string host = DotnetHost.OfProcess ?? DotnetHost.Find(terminal.GetVariable) ?? throw ToolException.NothingToRun($"There is no dotnet in {HostFacts.Root}, in DOTNET_ROOT or on the path. Let DOTNET_ROOT name its folder.");
        return await ProcessImage.ReplaceAsync(
            host, ["exec", "--runtimeconfig", config, "--depsfile", Path.ChangeExtension(program, ".deps.json"), program, .. Environment.GetCommandLineArgs()[1..]], (Variable, config)).ConfigureAwait(false);
    }

    /// <summary>Takes note of the settings that this process was started with. They are nothing to the services, nor to what these start.</summary>
    public static void TakeOver()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } config)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        IsRestarted = true;
        string? folder = Path.GetDirectoryName(config);
        if (Path.GetFileName(config) != ConfigName || folder is null || !Path.GetFileName(folder).StartsWith(FolderPrefix, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            File.Delete(config);
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system's temporary folder is cleaned elsewhere.
        }
    }
}
