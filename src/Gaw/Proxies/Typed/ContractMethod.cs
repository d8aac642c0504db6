using System.Reflection;

namespace Gaw.Proxies.Typed;

/// <summary>A method of a service interface.</summary>
internal sealed class ContractMethod(MethodInfo method)
{
    public MethodInfo Method { get; } = method;

    public ParameterInfo[] Parameters { get; } = method.GetParameters();

    /// <summary>The name that its attribute gives it.</summary>
    public string? WireName { get; } = method.GetCustomAttribute<EntrypointAttribute>()?.Name;

    public bool IsIdempotent { get; } = method.GetCustomAttribute<EntrypointAttribute>()?.Idempotent ?? false;

    /// <summary>Whether it returns a task.</summary>
    public bool IsAsync => Returned is not Kind.Value;

    /// <summary>What its result is read as.</summary>
    public Type Result => Returned is Kind.TaskOf or Kind.ValueTaskOf ? Method.ReturnType.GetGenericArguments()[0]
        : Returned is Kind.Value && Method.ReturnType != typeof(void) ? Method.ReturnType
        : typeof(NoResult);

    public Kind Returned
    {
        get
        {
            Type type = Method.ReturnType;
            Type? generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
            return type == typeof(Task) ? Kind.Task
                : type == typeof(ValueTask) ? Kind.ValueTask
                : generic == typeof(Task<>) ? Kind.TaskOf
                : generic == typeof(ValueTask<>) ? Kind.ValueTaskOf
                : Kind.Value;
        }
    }

    /// <summary>The shapes of a return type.</summary>
    internal enum Kind
    {
        Value,
        Task,
        TaskOf,
        ValueTask,
        ValueTaskOf,
    }
}
