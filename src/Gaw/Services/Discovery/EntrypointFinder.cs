using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services.Discovery;

/// <summary>The methods of a type that can be called remotely, and their paths.</summary>
internal static class EntrypointFinder
{
    private const BindingFlags AllMethods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>Finds them: those with <see cref="EntrypointAttribute"/>, and those of interfaces with <see cref="ServiceAttribute"/>.</summary>
    /// <param name="type">The service.</param>
    /// <param name="problems">Collects the problems of its interfaces.</param>
    public static List<(string Path, MethodInfo Method)> Find(Type type, List<string> problems) => [.. IsContract(type) ? [] : FindMarked(type), .. FindContracts(type, problems)];

    /// <summary>The same under another name than the service's own.</summary>
    public static List<(string Path, MethodInfo Method)> Rename(List<(string Path, MethodInfo Method)> found, string name, List<string> problems)
    {
        string[] services = [.. found.Select(static f => f.Path[..f.Path.IndexOf('/', StringComparison.Ordinal)]).Distinct()];
        if (services.Length > 1)
        {
            problems.Add($"it is several services ({string.Join(", ", services)}), which cannot all be named {name}");
        }

        return [.. found.Select(f => (name + f.Path[f.Path.IndexOf('/', StringComparison.Ordinal)..], f.Method))];
    }

    private static IEnumerable<(string Path, MethodInfo Method)> FindMarked(Type type)
    {
        string service = WireNames.OfService(type);
        return type.GetMethods(AllMethods)
            .Where(static method => method.IsDefined(typeof(EntrypointAttribute), inherit: true))
            .Select(method => ($"{service}/{WireNames.OfMethod(method)}", method));
    }

    private static bool IsContract(Type type) => type.IsInterface && type.IsDefined(typeof(ServiceAttribute));

    /// <summary>The members of the service interfaces that the type is or implements: each is its own entrypoint, and nothing else is.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = KeptMembers.ByAll)]
    private static IEnumerable<(string Path, MethodInfo Method)> FindContracts(Type type, List<string> problems)
    {
        List<(string, MethodInfo)> found = [];
        foreach (Type contract in type.GetInterfaces().Prepend(type).Where(IsContract))
        {
            string service = WireNames.OfService(contract);
            List<string> own = [];
            found.AddRange(ContractMembers.Find(contract, own).Select(method => ($"{service}/{WireNames.OfMethod(method)}", method)));
            problems.AddRange(own.Select(problem => $"{TypeNames.Friendly(contract)}: {problem}"));
        }

        return found;
    }
}
