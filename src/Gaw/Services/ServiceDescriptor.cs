using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization;

namespace Gaw.Services;

/// <summary>Finds the entrypoints of a type by reflection, once, and refuses a type with anything wrong in it.</summary>
internal static class ServiceDescriptor
{
    private const BindingFlags AllMethods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>Describes a service.</summary>
    /// <param name="type">A class: with methods that carry <see cref="EntrypointAttribute"/>, or that implements interfaces which carry <see cref="ServiceAttribute"/>.</param>
    /// <param name="createInstance">Makes an instance for one call.</param>
    /// <param name="isExactType">The instances are of <paramref name="type"/> itself, not of a class derived from it.</param>
    /// <param name="serializer">Reads arguments and writes results; learns the types of the signatures.</param>
    /// <exception cref="ArgumentException">The type cannot be a service; says all that is wrong at once.</exception>
    public static IReadOnlyList<Entrypoint> Describe(Type type, Func<object> createInstance, bool isExactType, ValueSerializer serializer)
    {
        List<string> problems = [];
        List<(string Path, MethodInfo Method)> found = [.. FindMarked(type), .. FindContracts(type, problems)];
        if (found.Count == 0 && problems.Count == 0)
        {
            problems.Add("it has no entrypoint; mark the methods that may be called with [Entrypoint], or implement an interface with [Service]");
        }

        bool mayBeDisposable = (!isExactType && !type.IsSealed) || typeof(IDisposable).IsAssignableFrom(type) || typeof(IAsyncDisposable).IsAssignableFrom(type);
        List<Entrypoint> entrypoints = [];
        foreach ((string path, MethodInfo method) in found)
        {
            string[] own = [.. FindProblems(type, method).Select(problem => $"{method.Name} ({path}) {problem}")];
            problems.AddRange(own);
            if (own.Length > 0)
            {
                continue;
            }

            try
            {
                entrypoints.Add(new Entrypoint(path, method, createInstance, mayBeDisposable, serializer));
            }
            catch (Exception e) when (e is GawSerializationException or ArgumentException or NotSupportedException)
            {
                problems.Add($"{method.Name} ({path}) has a type in its signature that cannot cross: {e.Message.TrimEnd('.')}");
            }
        }

        foreach (IGrouping<string, (string Path, MethodInfo Method)> clash in found.GroupBy(static f => f.Path, StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            problems.Add($"{string.Join(" and ", clash.Select(static f => f.Method.Name))} would both be called {clash.Key}; give one of them a name with [Entrypoint(\"...\")]");
        }

        return problems.Count == 0 ? entrypoints : throw new ArgumentException($"{TypeNames.Friendly(type)} cannot be a service: {string.Join("; ", problems)}.");
    }

    private static IEnumerable<(string Path, MethodInfo Method)> FindMarked(Type type)
    {
        string service = WireNames.OfService(type);
        return type.GetMethods(AllMethods)
            .Where(static method => method.IsDefined(typeof(EntrypointAttribute), inherit: true))
            .Select(method => ($"{service}/{WireNames.OfMethod(method)}", method));
    }

    /// <summary>The members of the service interfaces that the type implements: each is its own entrypoint, and nothing else is.</summary>
    private static IEnumerable<(string Path, MethodInfo Method)> FindContracts(Type type, List<string> problems)
    {
        List<(string, MethodInfo)> found = [];
        foreach (Type contract in type.GetInterfaces().Where(static i => i.IsDefined(typeof(ServiceAttribute))))
        {
            string service = WireNames.OfService(contract);
            foreach (MemberInfo member in new[] { contract }.Concat(contract.GetInterfaces()).SelectMany(static i => i.GetMembers()))
            {
                if (member is MethodInfo { IsSpecialName: false } method)
                {
                    found.Add(($"{service}/{WireNames.OfMethod(method)}", method));
                }
                else if (member is not MethodInfo)
                {
                    problems.Add($"{TypeNames.Friendly(contract)}.{member.Name} is no method; a service interface has methods only");
                }
            }
        }

        return found;
    }

    /// <summary>Nobody could tell when it ends, and what it throws would end the process.</summary>
    /// <param name="type">The service: where <paramref name="method"/> is an interface's, the code is in it.</param>
    /// <param name="method">The entrypoint.</param>
    private static bool IsAsyncVoid(Type type, MethodInfo method) =>
        method.ReturnType == typeof(void) && type.GetMethods(AllMethods).Any(body =>
            (body == method || (method.DeclaringType!.IsInterface && body.Name.Split('.')[^1] == method.Name))
            && body.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false)
            && body.GetParameters().Select(static p => p.ParameterType).SequenceEqual(method.GetParameters().Select(static p => p.ParameterType)));

    private static IEnumerable<string> FindProblems(Type type, MethodInfo method)
    {
        if (!method.IsPublic)
        {
            yield return "is not public";
        }

        if (method.IsGenericMethodDefinition)
        {
            yield return "is generic; the wire carries no type arguments";
        }

        if (IsAsyncVoid(type, method))
        {
            yield return "is async void, so nobody could tell when it ends, and what it throws would end the process; return a Task";
        }

        if (method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer)
        {
            yield return $"returns {method.ReturnType.Name}, which cannot leave the process";
        }

        foreach (ParameterInfo parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                yield return $"has the ref, in or out parameter {parameter.Name}";
            }
            else if (parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer)
            {
                yield return $"has the parameter {parameter.Name} of type {TypeNames.Friendly(parameter.ParameterType)}, which cannot come from the wire";
            }
        }
    }
}
