using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;

namespace Gaw.Services.Discovery;

/// <summary>The problems of a method that is to be an entrypoint, each as the end of a sentence that begins with its name.</summary>
internal static class EntrypointProblems
{
    /// <summary>Problems of the method itself.</summary>
    /// <param name="type">The service: where <paramref name="method"/> is an interface's, the code is in it.</param>
    /// <param name="method">The entrypoint.</param>
    public static IEnumerable<string> Find(Type type, MethodInfo method)
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
    public static IEnumerable<string> FindInTypes(MethodInfo method, ValueSerializer serializer)
    {
        Type result = ReturnShape.Of(method.ReturnType).Result;
        Type[] parameters = [.. method.GetParameters().Select(static parameter => parameter.ParameterType)];
        IEnumerable<Type> read = parameters.Where(static type => !Entrypoint.IsSupplied(type)).Select(static type => StreamTypes.GetItem(type) ?? type);
        IEnumerable<string?> problems = read.Select(type => SignatureType.FindProblem(type, serializer) ?? SignatureType.FindUnreadable(type, serializer))
            .Concat(parameters.Select(ProgressParameter.GetReported).OfType<Type>().Select(type => SignatureType.FindProblem(type, serializer)));
        return problems.Append(result == typeof(void) ? null : SignatureType.FindProblem(result, serializer)).OfType<string>().Distinct();
    }

    /// <summary>Methods that would have one path.</summary>
    public static string DescribeClash(Type type, IGrouping<string, MethodInfo> clash)
    {
        string problem = $"{MethodProblems.Describe([.. clash])} would both be called {clash.Key}";
        MethodInfo[] marked = [.. clash.Where(static method => !method.DeclaringType!.IsInterface)];
        MethodInfo[] contracts = [.. clash.Where(static method => method.DeclaringType!.IsInterface)];
        return marked.Length == 1 && contracts.Length == 1 && Bodies(type, contracts[0]).Any(marked[0].HasSameMetadataDefinitionAs)
            ? $"{problem}; the interface makes {marked[0].Name} an entrypoint, so take [Entrypoint] away from {TypeNames.Full(marked[0].DeclaringType!)}.{marked[0].Name}"
            : contracts.Length > 0 ? $"{problem}; give one of them a name with [Entrypoint(\"...\")], or its type with [Service(\"...\")]"
            : $"{problem}; give one of them a name with [Entrypoint(\"...\")]";
    }

    /// <summary>Nobody could tell when it ends, and its exception would end the process.</summary>
    private static bool IsAsyncVoid(Type type, MethodInfo method) =>
        method.ReturnType == typeof(void) && Bodies(type, method).Any(static body => body.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false));

    /// <summary>The methods that run when the entrypoint is called: itself, or the one that implements it.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = KeptMembers.ByAll)]
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
            // Not every runtime keeps the map. The analyzer has reported the same problem while compiling.
            return [];
        }
    }
}
