using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gaw.Services.Invoking;

/// <summary>Makes a delegate of a method: it takes its arguments from an <see cref="Invocation"/>. Compiled where programs can be, else by reflection.</summary>
internal static class MethodCompiler
{
    private static readonly ParameterExpression Instance = Expression.Parameter(typeof(object), "instance");
    private static readonly ParameterExpression Call = Expression.Parameter(typeof(Invocation), "invocation");

    private static bool IsCompiled => RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>Of a method that gives nothing.</summary>
    public static Action<object?, Invocation> CompileAction(MethodInfo method) =>
        IsCompiled ? Compile<Action<object?, Invocation>>(method) : (instance, invocation) => Invoke(method, instance, invocation);

    /// <summary>Of a method that gives a value, a task or a stream.</summary>
    public static Func<object?, Invocation, T> CompileFunction<T>(MethodInfo method) =>
        IsCompiled ? Compile<Func<object?, Invocation, T>>(method) : (instance, invocation) => (T)Invoke(method, instance, invocation)!;

    /// <summary>Calls the method by reflection: for programs that cannot compile while they run.</summary>
    private static object? Invoke(MethodInfo method, object? instance, Invocation invocation)
    {
        int next = 0;
        object?[] arguments = [.. method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(CancellationToken) ? invocation.CancellationToken
            : parameter.ParameterType == typeof(GawCallContext) ? invocation.Context
            : parameter.ParameterType == typeof(CallOptions) ? null
            : ProgressParameter.GetReported(parameter.ParameterType) is not null ? invocation.Progress
            : invocation.Slots[next++].BoxedValue)];
        return method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    private static TDelegate Compile<TDelegate>(MethodInfo method)
        where TDelegate : Delegate
    {
        Expression slots = Expression.Property(Call, nameof(Invocation.Slots));
        int next = 0;
        Expression[] arguments = [.. method.GetParameters().Select(parameter => ToArgument(parameter.ParameterType, slots, ref next))];
        Expression? target = method.IsStatic ? null : Expression.Convert(Instance, method.DeclaringType!);
        return Expression.Lambda<TDelegate>(Expression.Call(target, method, arguments), Instance, Call).Compile();
    }

    private static Expression ToArgument(Type type, Expression slots, ref int next)
    {
        if (type == typeof(CancellationToken))
        {
            return Expression.Property(Call, nameof(Invocation.CancellationToken));
        }

        if (type == typeof(GawCallContext))
        {
            return Expression.Property(Call, nameof(Invocation.Context));
        }

        if (type == typeof(CallOptions))
        {
            return Expression.Constant(null, type);
        }

        if (ProgressParameter.GetReported(type) is not null)
        {
            return Expression.Convert(Expression.Property(Call, nameof(Invocation.Progress)), type);
        }

        Expression slot = Expression.ArrayIndex(slots, Expression.Constant(next++));
        return Expression.Field(Expression.Convert(slot, typeof(ParameterSlot<>).MakeGenericType(type)), nameof(ParameterSlot<>.Value));
    }
}
