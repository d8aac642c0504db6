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

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Shared.Contains(assemblyName.Name))
        {
            return null;
        }

        string? file = _resolver.ResolveAssemblyToPath(assemblyName);
        return file is null ? null : LoadFromAssemblyPath(file);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? file = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return file is null ? 0 : LoadUnmanagedDllFromPath(file);
    }
}
