using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>
/// Calls a method on an instance with the arguments in an <see cref="Invocation"/> and puts the result there: compiled once, without
/// reflection and without boxing afterwards. One kind for each shape of return type.
/// </summary>
internal abstract class MethodInvoker
{
    private static readonly ParameterExpression Instance = Expression.Parameter(typeof(object), "instance");
    private static readonly ParameterExpression Call = Expression.Parameter(typeof(Invocation), "invocation");

    private static bool IsCompiled => RuntimeFeature.IsDynamicCodeCompiled;

    public abstract ResultSlot CreateResult();

    /// <summary>Completes when the result is in its slot.</summary>
    public abstract ValueTask InvokeAsync(object? instance, Invocation invocation);

    public static MethodInvoker Create(MethodInfo method, ValueSerializer serializer)
    {
        ReturnShape returned = ReturnShape.Of(method.ReturnType);
        switch (returned.Kind)
        {
            case ReturnKind.Value when returned.Result == typeof(void):
                return new VoidInvoker(IsCompiled ? Compile<Action<object?, Invocation>>(method) : (instance, invocation) => Invoke(method, instance, invocation));
            case ReturnKind.Task:
                return new TaskInvoker(CompileFunction<Task>(method));
            case ReturnKind.ValueTask:
                return new ValueTaskInvoker(CompileFunction<ValueTask>(method));
            default:
                serializer.Learn(returned.Result);
                return CreateWithResult(method, returned, serializer);
        }
    }

    internal static MethodInvoker CreateSync<T>(MethodInfo method, ValueSerializer serializer) =>
        new SyncInvoker<T>(CompileFunction<T>(method), serializer.Get<T>());

    internal static MethodInvoker CreateTask<T>(MethodInfo method, ValueSerializer serializer) =>
        new TaskInvoker<T>(CompileFunction<Task<T>>(method), serializer.Get<T>());

    internal static MethodInvoker CreateValueTask<T>(MethodInfo method, ValueSerializer serializer) =>
        new ValueTaskInvoker<T>(CompileFunction<ValueTask<T>>(method), serializer.Get<T>());

    internal static MethodInvoker CreateStream<T>(MethodInfo method, ValueSerializer serializer) =>
        new StreamInvoker<T>(CompileFunction<IAsyncEnumerable<T>>(method), serializer.Get<T>());

    private static MethodInvoker CreateWithResult(MethodInfo method, ReturnShape returned, ValueSerializer serializer)
    {
        if (GeneratedSlots.Find(returned.Result) is { } compiled)
        {
            return (returned.Kind switch
            {
                ReturnKind.TaskOf => compiled.Task,
                ReturnKind.ValueTaskOf => compiled.ValueTask,
                ReturnKind.Stream => compiled.Stream,
                _ => compiled.Sync,
            })(method, serializer);
        }

        string factory = returned.Kind switch
        {
            ReturnKind.TaskOf => nameof(CreateTask),
            ReturnKind.ValueTaskOf => nameof(CreateValueTask),
            ReturnKind.Stream => nameof(CreateStream),
            _ => nameof(CreateSync),
        };
        return (MethodInvoker)typeof(MethodInvoker).GetMethod(factory, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(returned.Result).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [method, serializer], null)!;
    }

    private static Func<object?, Invocation, T> CompileFunction<T>(MethodInfo method) =>
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

    private static ValueTask Keep<T>(ResultSlot<T> slot, ValueTask<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            return KeepLaterAsync(slot, ForeignTask.Guard(task));
        }

        slot.Value = task.Result;
        return default;
    }

    private static async ValueTask KeepLaterAsync<T>(ResultSlot<T> slot, ValueTask<T> task) => slot.Value = await task.ConfigureAwait(false);

    private static InvalidOperationException NoTask() => new("The method returned null in place of a task.");

    private sealed class VoidInvoker(Action<object?, Invocation> call) : MethodInvoker
    {
        public override ResultSlot CreateResult() => new();

        public override ValueTask InvokeAsync(object? instance, Invocation invocation)
        {
            call(instance, invocation);
            return default;
        }
    }

    private sealed class TaskInvoker(Func<object?, Invocation, Task> call) : MethodInvoker
    {
        public override ResultSlot CreateResult() => new();

        public override ValueTask InvokeAsync(object? instance, Invocation invocation) => new(call(instance, invocation) ?? throw NoTask());
    }

    private sealed class ValueTaskInvoker(Func<object?, Invocation, ValueTask> call) : MethodInvoker
    {
        public override ResultSlot CreateResult() => new();

        public override ValueTask InvokeAsync(object? instance, Invocation invocation) => ForeignTask.Guard(call(instance, invocation));
    }

    private sealed class SyncInvoker<T>(Func<object?, Invocation, T> call, ValueConverter<T> converter) : MethodInvoker
    {
        public override ResultSlot CreateResult() => new ResultSlot<T>(converter);

        public override ValueTask InvokeAsync(object? instance, Invocation invocation)
        {
            ((ResultSlot<T>)invocation.Result).Value = call(instance, invocation);
            return default;
        }
    }

    private sealed class TaskInvoker<T>(Func<object?, Invocation, Task<T>> call, ValueConverter<T> converter) : MethodInvoker
    {
        public override ResultSlot CreateResult() => new ResultSlot<T>(converter);

        public override ValueTask InvokeAsync(object? instance, Invocation invocation)
        {
            Task<T> task = call(instance, invocation) ?? throw NoTask();
            return Keep((ResultSlot<T>)invocation.Result, new ValueTask<T>(task));
        }
    }

    private sealed class ValueTaskInvoker<T>(Func<object?, Invocation, ValueTask<T>> call, ValueConverter<T> converter) : MethodInvoker
    {
        public override ResultSlot CreateResult() => new ResultSlot<T>(converter);

        public override ValueTask InvokeAsync(object? instance, Invocation invocation) =>
            Keep((ResultSlot<T>)invocation.Result, call(instance, invocation));
    }
}
