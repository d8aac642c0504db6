using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Gaw.Serialization;
using Gaw.Services;

namespace Gaw.Proxies;

/// <summary>Finds the methods of a service interface by reflection, and refuses an interface with anything wrong in it.</summary>
internal static class Contract
{
    private const BindingFlags AllMembers = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The methods of an interface and of those it derives from.</summary>
    /// <exception cref="ArgumentException">It is no interface, or has members that cannot be called; says all that is wrong.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The caller keeps all members of the interface, and with them those of the interfaces it derives from.")]
    public static IReadOnlyList<ContractMethod> Describe([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type)
    {
        if (!type.IsInterface)
        {
            throw TypedServices.Refused(type, ["it is no interface"]);
        }

        List<string> problems = [];
        List<ContractMethod> methods = [];
        foreach (Type declaring in type.GetInterfaces().Prepend(type))
        {
            if (declaring == typeof(IDisposable) || declaring == typeof(IAsyncDisposable))
            {
                problems.Add($"it derives from {declaring.Name}, but there is nothing to dispose of; the client is disposed instead");
                continue;
            }

            foreach (MemberInfo member in declaring.GetMembers(AllMembers))
            {
                if (member is MethodInfo method)
                {
                    // What is neither open to an implementation nor in need of one is the interface's own business.
                    if (method.IsAbstract ? !method.IsSpecialName || method.IsStatic : method is { IsVirtual: true, IsFinal: false, IsPublic: true, IsStatic: false, IsSpecialName: false })
                    {
                        methods.Add(new ContractMethod(method));
                    }
                }
                else if (member is EventInfo or PropertyInfo)
                {
                    problems.Add(Describe(member));
                }
            }
        }

        problems.AddRange(methods.SelectMany(static method => FindProblems(method).Select(problem => $"{method.Method.Name} {problem}")));
        foreach (IGrouping<string, ContractMethod> clash in methods.GroupBy(static m => m.WireName ?? WireNames.OfMember(m.Method.Name), StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            problems.Add($"{string.Join(" and ", clash.Select(static m => Signature(m.Method)))} would both be called {clash.Key}; give one of them a name with [Entrypoint(\"...\")]");
        }

        return problems.Count == 0 ? methods : throw TypedServices.Refused(type, problems);
    }

    private static string Describe(MemberInfo member) => member switch
    {
        EventInfo => $"{member.Name} is an event; a server cannot call back",
        PropertyInfo property when property.GetIndexParameters().Length > 0 => "it has an indexer; write it as a method",
        _ => $"{member.Name} is a property; write it as a method",
    };

    private static IEnumerable<string> FindProblems(ContractMethod contract)
    {
        MethodInfo method = contract.Method;
        if (method.IsStatic)
        {
            yield return "is static and abstract; only an instance can be called";
        }

        if (!method.IsPublic)
        {
            yield return "is not public";
        }

        if (method.IsGenericMethodDefinition)
        {
            yield return "is generic; the wire carries no type arguments";
        }

        if (method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer)
        {
            yield return $"returns {TypeNames.Friendly(method.ReturnType)}, which cannot come from the wire";
        }

        foreach (ParameterInfo parameter in contract.Parameters)
        {
            if (parameter.ParameterType.IsByRef)
            {
                yield return $"has the ref, in or out parameter {parameter.Name}";
            }
            else if (parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer)
            {
                yield return $"has the parameter {parameter.Name} of type {TypeNames.Friendly(parameter.ParameterType)}, which cannot leave the process";
            }
        }

        if (contract.Parameters.Count(static p => p.ParameterType == typeof(CancellationToken)) > 1)
        {
            yield return "has several cancellation tokens; a call has one";
        }

        if (contract.Parameters.Count(static p => p.ParameterType == typeof(CallOptions)) > 1)
        {
            yield return "has several call options; a call has one";
        }
    }

    private static string Signature(MethodInfo method) => $"{method.Name}({string.Join(", ", method.GetParameters().Select(static p => TypeNames.Friendly(p.ParameterType)))})";
}
