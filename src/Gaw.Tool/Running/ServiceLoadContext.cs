using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace Gaw.Tool.Running;

/// <summary>
/// Holds a service assembly and its own dependencies apart from the tool's. Gaw itself and what stands in its signatures are the tool's, so that
/// the attributes and types on both sides are the same.
/// </summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ServiceLoadContext(string path) : AssemblyLoadContext("services")
{
    private static readonly string[] Shared = ["Gaw", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"];

    private readonly AssemblyDependencyResolver _resolver = new(path);

    /// <summary>Whether services get the tool's assembly of this name.</summary>
    public static bool IsShared(string name) => Shared.Contains(name);

    /// <summary>The file that comes with the services; <see langword="null"/> where the shared framework has one that is as new, as in a process of their own.</summary>
    public string? Resolve(AssemblyName name)
    {
        string? file = IsShared(name.Name!) ? null : _resolver.ResolveAssemblyToPath(name);
        return file is not null && PlatformAssemblies.FindInFrameworks(name.Name!) is { } platform && VersionOf(platform) >= VersionOf(file) ? null : file;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string? file = Resolve(assemblyName);
        return file is null ? null : LoadFromAssemblyPath(file);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? file = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return file is null ? 0 : LoadUnmanagedDllFromPath(file);
    }

    private static Version? VersionOf(string file) => GetAssemblyName(file).Version;
}
