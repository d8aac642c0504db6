using System.Reflection;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services.Discovery;

/// <summary>The reasons why a method cannot be called from another process, the same for the server that serves it and the client that calls it.</summary>
internal static class MethodProblems
{
    /// <summary>All that is wrong with a method's signature, as sentences that begin behind its name.</summary>
    /// <param name="method">The method.</param>
    /// <param name="isServed">The parameters come from the wire and the result goes there; otherwise the reverse.</param>
    public static IEnumerable<string> Find(MethodInfo method, bool isServed)
    {
        if (method.IsGenericMethodDefinition)
        {
            yield return "is generic; the wire carries no type arguments";
        }

        if (method.ReturnType.IsByRef || HasNoForm(method.ReturnType))
        {
            yield return $"returns {TypeNames.Friendly(method.ReturnType)}, which {(isServed ? "cannot leave the process" : "cannot come from the wire")}";
        }

        ParameterInfo[] parameters = method.GetParameters();
        foreach (ParameterInfo parameter in parameters)
        {
            if (parameter.ParameterType.IsByRef)
            {
                yield return $"has the ref, in or out parameter {parameter.Name}";
            }
            else if (HasNoForm(parameter.ParameterType))
            {
                yield return $"has the parameter {parameter.Name} of type {TypeNames.Friendly(parameter.ParameterType)}, which {(isServed ? "cannot come from the wire" : "cannot leave the process")}";
            }
        }

        if (parameters.Count(static p => p.ParameterType == typeof(CancellationToken)) > 1)
        {
            yield return "has several cancellation tokens; a call has one";
        }

        if (parameters.Count(static p => p.ParameterType == typeof(CallOptions)) > 1)
        {
            yield return "has several call options; a call has one";
        }

        if (parameters.Count(static p => ProgressParameter.GetReported(p.ParameterType) is not null) > 1)
        {
            yield return "has several parameters that take its progress; a call has one";
        }

        foreach (IGrouping<string, ParameterInfo> clash in parameters.Where(static p => !Entrypoint.IsSupplied(p.ParameterType))
            .GroupBy(static p => WireNames.ToSnakeCase(p.Name!), StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            yield return $"has the parameters {string.Join(" and ", clash.Select(static p => p.Name))}, which would both be called {clash.Key}; give one of them another name";
        }
    }

    /// <summary>The methods that have one name on the wire, for a message: with their types where these differ, with their parameters where the types are one.</summary>
    public static string Describe(IReadOnlyCollection<MethodInfo> methods)
    {
        bool areOfOneType = methods.Select(static method => method.DeclaringType).Distinct().Count() == 1;
        return string.Join(" and ", methods.Select(method => areOfOneType ? Signature(method) : $"{TypeNames.Full(method.DeclaringType!)}.{Signature(method)}"));
    }

    private static string Signature(MethodInfo method) => $"{method.Name}({string.Join(", ", method.GetParameters().Select(static p => TypeNames.Friendly(p.ParameterType)))})";

    private static bool HasNoForm(Type type) => type.IsByRefLike || type.IsPointer;
}
