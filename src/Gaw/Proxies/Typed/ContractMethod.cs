using System.Reflection;
using Gaw.Services;

namespace Gaw.Proxies.Typed;

/// <summary>A method of a service interface.</summary>
internal sealed class ContractMethod(MethodInfo method)
{
    public MethodInfo Method { get; } = method;

    public ParameterInfo[] Parameters { get; } = method.GetParameters();

    /// <summary>The name that its attribute gives it.</summary>
    public string? WireName { get; } = method.GetCustomAttribute<EntrypointAttribute>()?.Name;

    public bool IsIdempotent { get; } = method.GetCustomAttribute<EntrypointAttribute>()?.Idempotent ?? false;

    /// <summary>The kind of its return type.</summary>
    public ReturnShape Returned { get; } = ReturnShape.Of(method.ReturnType);

    /// <summary>The type that its result is read as.</summary>
    public Type Result => Returned.Result == typeof(void) ? typeof(NoResult) : Returned.Result;
}
