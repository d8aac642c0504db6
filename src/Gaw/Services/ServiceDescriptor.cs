using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>Finds the entrypoints of a type by reflection, once, and refuses a type with anything wrong in it.</summary>
internal static class ServiceDescriptor
{
    private const BindingFlags AllMethods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
    private const string KeptByAll = "GawServer.Add keeps all members of the class, and with them those of the interfaces that it implements.";

    /// <summary>Describes a service.</summary>
    /// <param name="type">A class: with methods that carry <see cref="EntrypointAttribute"/>, or that implements interfaces which carry <see cref="ServiceAttribute"/>; or such an interface, where a factory makes the instances.</param>
    /// <param name="instances">Makes an instance for one call.</param>
    /// <param name="serializer">Reads arguments and writes results; learns the types of the signatures.</param>
    /// <param name="name">The service's name; <see langword="null"/> for the type's own.</param>
    /// <exception cref="ArgumentException">The type cannot be a service; says all that is wrong at once.</exception>
    public static IReadOnlyList<Entrypoint> Describe(Type type, InstanceSource instances, ValueSerializer serializer, string? name = null)
    {
        // The interface of a service may stand in another assembly than what it sends.
        Array.ForEach([type, .. type.GetInterfaces()], TrimmedProgram.EnterTypesOf);
        List<string> problems = [];
        List<(string Path, MethodInfo Method)> found = [.. IsContract(type) ? [] : FindMarked(type), .. FindContracts(type, problems)];
        if (found.Count == 0 && problems.Count == 0)
        {
            problems.Add("it has no entrypoint; mark the methods that may be called with [Entrypoint], or implement an interface with [Service]");
        }

        if (name is not null)
        {
            found = Rename(found, name, problems);
        }

        List<Entrypoint> entrypoints = [];
        foreach ((string path, MethodInfo method) in found)
        {
            string[] own = [.. FindProblems(type, method)];
            own = own.Length > 0 ? own : [.. FindTypeProblems(method, serializer)];
            problems.AddRange(own.Select(problem => $"{method.Name} ({path}) {problem}"));
            if (own.Length > 0)
            {
                continue;
            }

            try
            {
                entrypoints.Add(new Entrypoint(path, method, type, instances, serializer));
            }
            catch (Exception e) when (e is GawSerializationException or ArgumentException or NotSupportedException)
            {
                problems.Add($"{method.Name} ({path}) cannot be prepared: {e.Message.TrimEnd('.')}");
            }
        }

        problems.AddRange(found.GroupBy(static f => f.Path, static f => f.Method, StringComparer.Ordinal).Where(static g => g.Count() > 1).Select(clash => DescribeClash(type, clash)));
        return problems.Count == 0 ? entrypoints : throw new ArgumentException($"{TypeNames.Friendly(type)} cannot be a service: {string.Join("; ", problems)}.");
    }

    private static IEnumerable<(string Path, MethodInfo Method)> FindMarked(Type type)
    {
        string service = WireNames.OfService(type);
        return type.GetMethods(AllMethods)
            .Where(static method => method.IsDefined(typeof(EntrypointAttribute), inherit: true))
            .Select(method => ($"{service}/{WireNames.OfMethod(method)}", method));
    }

    private static List<(string Path, MethodInfo Method)> Rename(List<(string Path, MethodInfo Method)> found, string name, List<string> problems)
    {
        string[] services = [.. found.Select(static f => f.Path[..f.Path.IndexOf('/', StringComparison.Ordinal)]).Distinct()];
        if (services.Length > 1)
        {
            problems.Add($"it is several services ({string.Join(", ", services)}), which cannot all be named {name}");
        }

        return [.. found.Select(f => (name + f.Path[f.Path.IndexOf('/', StringComparison.Ordinal)..], f.Method))];
    }

    private static bool IsContract(Type type) => type.IsInterface && type.IsDefined(typeof(ServiceAttribute));

    /// <summary>The members of the service interfaces that the type is or implements: each is its own entrypoint, and nothing else is.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = KeptByAll)]
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

    /// <summary>Nobody could tell when it ends, and what it throws would end the process.</summary>
    /// <param name="type">The service: where <paramref name="method"/> is an interface's, the code is in it.</param>
    /// <param name="method">The entrypoint.</param>
    private static bool IsAsyncVoid(Type type, MethodInfo method) =>
        method.ReturnType == typeof(void) && Bodies(type, method).Any(static body => body.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false));

    private static IEnumerable<string> FindProblems(Type type, MethodInfo method)
    {
        if (!method.IsPublic)
        {
            yield return "is not public";
        }

        if (IsAsyncVoid(type, method))
        {
            yield return "is async void, so nobody could tell when it ends, and what it throws would end the process; return a Task";
        }

        foreach (string problem in MethodProblems.Find(method, isServed: true))
        {
            yield return problem;
        }
    }

    /// <summary>Types that cannot cross, and parameters that could never be read.</summary>
    private static IEnumerable<string> FindTypeProblems(MethodInfo method, ValueSerializer serializer)
    {
        Type result = ReturnShape.Of(method.ReturnType).Result;
        Type[] parameters = [.. method.GetParameters().Select(static parameter => parameter.ParameterType)];
        IEnumerable<string?> problems = parameters.Where(static type => !Entrypoint.IsSupplied(type)).Select(type => SignatureType.FindProblem(type, serializer) ?? SignatureType.FindUnreadable(type, serializer))
            .Concat(parameters.Select(ProgressParameter.GetReported).OfType<Type>().Select(type => SignatureType.FindProblem(type, serializer)));
        return problems.Append(result == typeof(void) ? null : SignatureType.FindProblem(result, serializer)).OfType<string>().Distinct();
    }

    private static string DescribeClash(Type type, IGrouping<string, MethodInfo> clash)
    {
        string problem = $"{MethodProblems.Describe([.. clash])} would both be called {clash.Key}";
        MethodInfo[] marked = [.. clash.Where(static method => !method.DeclaringType!.IsInterface)];
        MethodInfo[] contracts = [.. clash.Where(static method => method.DeclaringType!.IsInterface)];
        return marked.Length == 1 && contracts.Length == 1 && Bodies(type, contracts[0]).Any(marked[0].HasSameMetadataDefinitionAs)
            ? $"{problem}; the interface makes {marked[0].Name} an entrypoint, so take [Entrypoint] away from {TypeNames.Full(marked[0].DeclaringType!)}.{marked[0].Name}"
            : contracts.Length > 0 ? $"{problem}; give one of them a name with [Entrypoint(\"...\")], or its type with [Service(\"...\")]"
            : $"{problem}; give one of them a name with [Entrypoint(\"...\")]";
    }

    /// <summary>The methods that run when the entrypoint is called: itself, or the one that implements it.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = KeptByAll)]
    private static IEnumerable<MethodInfo> Bodies(Type type, MethodInfo method)
    {
        if (!method.DeclaringType!.IsInterface || type.IsInterface)
        {
            return [method];
        }

        try
        {
            InterfaceMapping map = type.GetInterfaceMap(method.DeclaringType);
            return Array.IndexOf(map.InterfaceMethods, method) is var at and >= 0 && map.TargetMethods[at] is { } body ? [body] : [];
        }
        catch (PlatformNotSupportedException)
        {
            // Not every runtime keeps the map. The analyzer has said while compiling what it would tell.
            return [];
        }
    }
}
