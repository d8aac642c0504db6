using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Gaw.Shared;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Running;

/// <summary>The services that an assembly holds.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal static class ServiceAssembly
{
    private const BindingFlags Methods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>Loads an assembly and finds its services.</summary>
    /// <param name="path">The file.</param>
    /// <param name="className">Only this class, by its name with or without the namespace.</param>
    /// <param name="services">Only these services; empty for all.</param>
    /// <param name="terminal">For warnings, and for the question whether this process is the tool's own.</param>
    /// <exception cref="ToolException">It cannot be loaded, or there is nothing in it to run.</exception>
    /// <exception cref="RestartException">It runs in a process that has more than this one.</exception>
    public static IReadOnlyList<Type> Load(string path, string? className, IReadOnlyCollection<string> services, Terminal terminal)
    {
        string file = Path.GetFileName(path);
        Type[] found;
        try
        {
            HashSet<string> declared = AssemblyWalk.DeclaredBeside(path);
            ServiceLoadContext context = new(path);
            ServiceProcess.Check(path, declared, context, terminal);
            Assembly assembly = context.LoadFromAssemblyPath(path);
            CheckVersion(assembly, file);
            ServiceProcess.Adopt(assembly, path, terminal);
            found = [.. assembly.GetTypes().Where(static t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && IsService(t))];
        }
        catch (BadImageFormatException e)
        {
            throw ToolException.NothingToRun($"{file} is no .NET assembly that this machine can load.", e);
        }
        catch (ReflectionTypeLoadException e)
        {
            throw Missing(file, [.. e.LoaderExceptions.OfType<FileNotFoundException>().Select(static missing => NameOf(missing)).Distinct()], e);
        }
        catch (FileNotFoundException e)
        {
            throw Missing(file, [NameOf(e)], e);
        }

        if (found.Length == 0)
        {
            throw ToolException.NothingToRun($"{file} holds no service: no class in it has a method with [Entrypoint] or implements an interface with [Service].");
        }

        if (className is not null)
        {
            Type[] named = [.. found.Where(t => t.Name == className || t.FullName == className)];
            found = named.Length > 0 ? named : throw NotThere(file, "service class", className, found.Select(static t => t.Name));
        }

        foreach (string service in services)
        {
            if (!Array.Exists(found, t => NamesOf(t).Contains(service)))
            {
                throw NotThere(file, "service", service, found.SelectMany(NamesOf));
            }
        }

        return [.. found.Where(t => services.Count == 0 || NamesOf(t).Any(services.Contains))];
    }

    /// <summary>The names under which a class serves: its own, and those of its service interfaces.</summary>
    public static IEnumerable<string> NamesOf(Type type) =>
        (HasEntrypoints(type) ? [type] : Enumerable.Empty<Type>()).Concat(Contracts(type)).Select(WireNames.OfService).Distinct();

    /// <summary>Assemblies that are not there when the services are loaded.</summary>
    public static ToolException Missing(string file, IReadOnlyList<string> dependencies, Exception? exception = null) =>
        ToolException.NothingToRun(
            $"{file} needs {(dependencies.Count == 0 ? "an assembly" : string.Join(", ", dependencies))}, which {(dependencies.Count > 1 ? "are" : "is")} not beside it. Give gaw its project, or a folder made by dotnet publish.", exception);

    private static string NameOf(FileNotFoundException missing) => missing.FileName?.Split(',')[0] ?? "an assembly";

    private static bool IsService(Type type) => HasEntrypoints(type) || Contracts(type).Any();

    private static bool HasEntrypoints(Type type) => type.GetMethods(Methods).Any(static m => m.IsDefined(typeof(EntrypointAttribute), inherit: true));

    private static IEnumerable<Type> Contracts(Type type) => type.GetInterfaces().Where(static i => i.IsDefined(typeof(ServiceAttribute)));

    /// <summary>The runtime gives an assembly a newer dependency, never an older one.</summary>
    private static void CheckVersion(Assembly assembly, string file)
    {
        Version ours = typeof(GawServer).Assembly.GetName().Version!;
        Version? wanted = Array.Find(assembly.GetReferencedAssemblies(), static a => a.Name == "Gaw")?.Version;
        if (wanted is not null && (wanted > ours || wanted.Major != ours.Major))
        {
            throw ToolException.NothingToRun(
                $"{file} is built with Gaw {wanted.ToString(3)}, and this tool runs Gaw {ours.ToString(3)}. {(wanted > ours ? "Update the tool: dotnet tool update -g Gaw.Tool." : "Build it with a newer Gaw.")}");
        }
    }

    private static ToolException NotThere(string file, string kind, string wanted, IEnumerable<string> known)
    {
        string[] all = [.. known.Distinct()];
        string? near = NameSuggestion.FindNearest(wanted, all);
        return ToolException.NothingToRun($"{file} has no {kind} {wanted}.{(near is null ? $" There is {string.Join(", ", all)}." : $" Did you mean {near}?")}");
    }
}
