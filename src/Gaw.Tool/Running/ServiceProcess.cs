using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Running;

/// <summary>Makes this process what the services' own would be, or says why it cannot be.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal static class ServiceProcess
{
    /// <summary>Frameworks that are known by the names of their assemblies even where they are not installed.</summary>
    private static readonly (string Prefix, string Framework)[] KnownFrameworks =
        [("Microsoft.AspNetCore.", "Microsoft.AspNetCore.App"), ("PresentationFramework", "Microsoft.WindowsDesktop.App"), ("System.Windows.Forms", "Microsoft.WindowsDesktop.App")];

    /// <summary>Finds out what the first calls would run into: missing files, frameworks and versions.</summary>
    /// <exception cref="ToolException">Something is missing.</exception>
    /// <exception cref="RestartException">A process with other settings or frameworks is needed.</exception>
    public static void Check(string path, HashSet<string> declared, ServiceLoadContext context, Terminal terminal)
    {
        string file = Path.GetFileName(path);
        Dictionary<string, string> frameworks = [];
        List<BrokenReference> problems = [];
        foreach (BrokenReference broken in AssemblyWalk.Walk(path, declared, context.Resolve, ServiceLoadContext.IsShared))
        {
            if (FrameworkOf(broken) is { } framework)
            {
                frameworks[framework.Key] = framework.Value;
            }
            else if (!broken.IsSure)
            {
                terminal.Complain($"warning: {broken.From} refers to {broken.Wanted.Name}, which is not beside it; calls that reach it fail.");
            }
            else
            {
                problems.Add(broken);
            }
        }

        if (problems.Count > 0)
        {
            throw Explain(file, problems);
        }

        switch (HostPlan.Decide(file, HostNeeds.ReadBeside(path).With(frameworks), HostFacts.OfProcess()))
        {
            case HostPlan.Refusal refusal:
                throw ToolException.NothingToRun(refusal.Message);
            case HostPlan.Restart plan when terminal.OwnsProcess && !ManagedCopy.IsRestarted:
                throw new RestartException(plan);
        }
    }

    /// <summary>Lets code that asks for the folder of the program, or for its assembly, find the services' own.</summary>
    public static void Adopt(Assembly assembly, string path, Terminal terminal)
    {
        if (terminal.OwnsProcess)
        {
            AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", Path.GetDirectoryName(path) + Path.DirectorySeparatorChar);
            Assembly.SetEntryAssembly(assembly);
        }
    }

    /// <summary>The shared framework that a reference leads to, in a version that is high enough.</summary>
    private static KeyValuePair<string, string>? FrameworkOf(BrokenReference broken)
    {
        if (broken.IsShared)
        {
            return null;
        }

        string wanted = (broken.Wanted.Version ?? new Version(0, 0)).ToString(2) + ".0";
        if (HostFacts.FindFrameworkOf(broken.Wanted.Name!) is { } installed)
        {
            // The shared frameworks number their assemblies as themselves.
            return broken.Found is null ? installed : KeyValuePair.Create(installed.Key, wanted);
        }

        string? known = Array.Find(KnownFrameworks, k => broken.Wanted.Name!.StartsWith(k.Prefix, StringComparison.Ordinal)).Framework;
        return known is null ? null : KeyValuePair.Create(known, wanted);
    }

    private static ToolException Explain(string file, List<BrokenReference> problems)
    {
        BrokenReference broken = problems[0];
        string name = broken.Wanted.Name!;
        string asker = broken.From == file ? file : $"{broken.From}, which belongs to {file},";
        return broken switch
        {
            { Found: null } => ServiceAssembly.Missing(asker, [.. problems.Where(p => p.Found is null && p.From == broken.From).Select(static p => p.Wanted.Name!).Distinct()]),
            { IsShared: true, Wanted.Name: "Gaw" } => ToolException.NothingToRun($"{asker} is built with Gaw {broken.Wanted.Version!.ToString(3)}, and this tool runs Gaw {broken.Found!.ToString(3)}. Update the tool: dotnet tool update -g Gaw.Tool."),
            { IsShared: true } => ToolException.NothingToRun($"{asker} needs {name} {broken.Wanted.Version}, and services get the tool's own, {broken.Found}. Build with the package {name} {broken.Found!.ToString(2)}, or update the tool: dotnet tool update -g Gaw.Tool."),
            _ => ToolException.NothingToRun($"{asker} needs {name} {broken.Wanted.Version}, and beside it is {broken.Found}. Build it again, or give gaw a folder made by dotnet publish."),
        };
    }
}
