using System.Reflection;
using Gaw.Serialization;
using Gaw.Services.Invoking;

namespace Gaw.Services;

/// <summary>
/// Calls a method on an instance with the arguments in an <see cref="Invocation"/> and puts the result there: compiled once, without
/// reflection and without boxing afterwards. One kind for each shape of return type.
/// </summary>
internal abstract class MethodInvoker
{
    public abstract ResultSlot CreateResult();

    /// <summary>Completes when the result is in its slot.</summary>
    public abstract ValueTask InvokeAsync(object? instance, Invocation invocation);

    public static MethodInvoker Create(MethodInfo method, ValueSerializer serializer)
    {
        ReturnShape returned = ReturnShape.Of(method.ReturnType);
        switch (returned.Kind)
        {
            case ReturnKind.Value when returned.Result == typeof(void):
                return new VoidInvoker(MethodCompiler.CompileAction(method));
            case ReturnKind.Task:
                return new TaskInvoker(MethodCompiler.CompileFunction<Task>(method));
            case ReturnKind.ValueTask:
                return new ValueTaskInvoker(MethodCompiler.CompileFunction<ValueTask>(method));
            default:
                serializer.Learn(returned.Result);
                return CreateWithResult(method, returned, serializer);
        }
    }

    internal static MethodInvoker CreateSync<T>(MethodInfo method, ValueSerializer serializer) =>
        new SyncInvoker<T>(MethodCompiler.CompileFunction<T>(method), serializer.Get<T>());

    internal static MethodInvoker CreateTask<T>(MethodInfo method, ValueSerializer serializer) =>
        new TaskOfInvoker<T>(MethodCompiler.CompileFunction<Task<T>>(method), serializer.Get<T>());

    internal static MethodInvoker CreateValueTask<T>(MethodInfo method, ValueSerializer serializer) =>
        new ValueTaskOfInvoker<T>(MethodCompiler.CompileFunction<ValueTask<T>>(method), serializer.Get<T>());

    internal static MethodInvoker CreateStream<T>(MethodInfo method, ValueSerializer serializer) =>
        new StreamInvoker<T>(MethodCompiler.CompileFunction<IAsyncEnumerable<T>>(method), serializer.Get<T>());

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
}
