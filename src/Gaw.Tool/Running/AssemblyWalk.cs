using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;

namespace Gaw.Tool.Running;

/// <summary>
/// Follows the references of an assembly through all the files that come with it, before any of its code
/// runs. The runtime finds out about a missing one at the first call that needs it.
/// </summary>
internal static class AssemblyWalk
{
    /// <summary>Finds the references that lead nowhere.</summary>
    /// <param name="path">The assembly.</param>
    /// <param name="declared">The names of those that belong to it.</param>
    /// <param name="resolve">The file of an assembly that comes with it.</param>
    /// <param name="isShared">Whether the tool gives its own.</param>
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public static IReadOnlyList<BrokenReference> Walk(string path, HashSet<string> declared, Func<AssemblyName, string?> resolve, Func<string, bool> isShared)
    {
        List<BrokenReference> broken = [];
        Dictionary<string, Version?> versions = [];
        HashSet<string> seen = [path];
        Queue<string> open = new([path]);
        while (open.TryDequeue(out string? file))
        {
            foreach (AssemblyName wanted in ReferencesOf(file))
            {
                string name = wanted.Name!;
                bool shared = isShared(name);
                string? own = shared ? null : resolve(wanted);
                string? found = own ?? (shared ? PlatformAssemblies.Find(name) : PlatformAssemblies.FindInFrameworks(name));
                Version? version = found is null ? null : versions.TryGetValue(found, out Version? known) ? known : versions[found] = AssemblyName.GetAssemblyName(found).Version;
                if (version is null || version < wanted.Version)
                {
                    broken.Add(new BrokenReference(Path.GetFileName(file), wanted, version, shared, file == path || shared || declared.Contains(name)));
                }
                else if (own is not null && seen.Add(own))
                {
                    open.Enqueue(own);
                }
            }
        }

        return broken;
    }

    /// <summary>The assemblies that belong to a program by what its build has written beside it, in <c>.deps.json</c>.</summary>
    /// <exception cref="ToolException">The file is not what a build writes. The runtime's own reader would end the process over it.</exception>
    public static HashSet<string> DeclaredBeside(string path)
    {
        string file = Path.ChangeExtension(path, ".deps.json");
        HashSet<string> names = [];
        if (!File.Exists(file))
        {
            return names;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (JsonProperty library in document.RootElement.GetProperty("libraries").EnumerateObject())
            {
                _ = library.Value.GetProperty("type").GetString()!.Length + library.Value.GetProperty("sha512").GetString()!.Length;
                _ = library.Value.GetProperty("serviceable").GetBoolean();
            }

            _ = document.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!.Length;
            foreach (JsonProperty library in document.RootElement.GetProperty("targets").EnumerateObject().SelectMany(static target => target.Value.EnumerateObject()))
            {
                names.UnionWith(library.Value.TryGetProperty("runtime", out JsonElement files) ? files.EnumerateObject().Select(static f => Path.GetFileNameWithoutExtension(f.Name)) : []);
            }

            return names;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or NullReferenceException or IOException or UnauthorizedAccessException)
        {
            throw ToolException.NothingToRun($"{Path.GetFileName(file)} is not what a build writes: {e.Message.TrimEnd('.')}. Build the project again.", e);
        }
    }

    private static IEnumerable<AssemblyName> ReferencesOf(string file)
    {
        using PEReader reader = new(File.OpenRead(file));
        if (!reader.HasMetadata)
        {
            throw new BadImageFormatException("There is no code of .NET in it.", file);
        }

        MetadataReader metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())];
    }
}

/// <summary>A reference that leads to nothing, or to a version that is too low.</summary>
/// <param name="From">The file that refers.</param>
/// <param name="Wanted">What it refers to.</param>
/// <param name="Found">The version that is there; <see langword="null"/> for none.</param>
/// <param name="IsShared">It is one of those that the tool gives to all services.</param>
/// <param name="IsSure">The assembly itself refers to it, or its build says that it belongs to it: then it is used.</param>
internal sealed record BrokenReference(string From, AssemblyName Wanted, Version? Found, bool IsShared, bool IsSure);
