using System.Runtime.InteropServices;

namespace Gaw.Tool.Running;

/// <summary>The assemblies that this process was started with: those of its shared frameworks, and the tool's own.</summary>
internal static class PlatformAssemblies
{
    public static IReadOnlyList<string> Files { get; } = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, string> ByName { get; } = Files.DistinctBy(static file => Path.GetFileNameWithoutExtension(file)).ToDictionary(static file => Path.GetFileNameWithoutExtension(file));

    /// <summary>The file of an assembly of the process.</summary>
    public static string? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The file of an assembly of a shared framework, which every program of this machine could have as well.</summary>
    public static string? FindInFrameworks(string name) => Find(name) is { } file && file.StartsWith(HostFacts.Root, StringComparison.Ordinal) ? file : null;
}

/// <summary>What this process has, and what this machine could give to another one.</summary>
/// <param name="Loaded">The shared frameworks of this process, and their versions.</param>
/// <param name="Installed">The shared frameworks beside this runtime, each with all its versions.</param>
/// <param name="Property">A setting of this runtime; <see langword="null"/> where it is not set.</param>
internal sealed record HostFacts(IReadOnlyDictionary<string, Version> Loaded, IReadOnlyDictionary<string, IReadOnlyList<Version>> Installed, Func<string, string?> Property)
{
    /// <summary>The folder of the command <c>dotnet</c> that runs this process.</summary>
    public static string Root => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string Shared => Path.Combine(Root, "shared");

    public static HostFacts OfProcess()
    {
        Dictionary<string, Version> loaded = new() { [HostPlan.Core] = Environment.Version };
        foreach (string file in PlatformAssemblies.Files)
        {
            string[] parts = Path.GetRelativePath(Shared, file).Split(Path.DirectorySeparatorChar);
            if (parts.Length == 3 && parts[0] != "..")
            {
                loaded[parts[0]] = HostNeeds.Number(parts[1]);
            }
        }

        Dictionary<string, IReadOnlyList<Version>> installed = [];
        foreach (string framework in Directory.Exists(Shared) ? Directory.EnumerateDirectories(Shared) : [])
        {
            installed[Path.GetFileName(framework)] = [.. Directory.EnumerateDirectories(framework).Select(static folder => HostNeeds.Number(Path.GetFileName(folder)))];
        }

        return new HostFacts(loaded, installed, static name => AppContext.GetData(name)?.ToString());
    }

    /// <summary>The installed framework that holds an assembly; <see langword="null"/> for none.</summary>
    public static KeyValuePair<string, string>? FindFrameworkOf(string assembly)
    {
        foreach (string framework in Directory.Exists(Shared) ? Directory.EnumerateDirectories(Shared) : [])
        {
            foreach (string folder in Directory.EnumerateDirectories(framework).OrderByDescending(static f => HostNeeds.Number(Path.GetFileName(f))))
            {
                if (File.Exists(Path.Combine(folder, assembly + ".dll")))
                {
                    return new(Path.GetFileName(framework), Path.GetFileName(folder));
                }
            }
        }

        return null;
    }
}
