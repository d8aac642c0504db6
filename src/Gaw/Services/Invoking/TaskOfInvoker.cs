using Gaw.Serialization;

namespace Gaw.Services.Invoking;

/// <summary>A method that gives a <see cref="Task{TResult}"/>.</summary>
internal sealed class TaskOfInvoker<T>(Func<object?, Invocation, Task<T>> call, ValueConverter<T> converter) : MethodInvoker
{
    public override ResultSlot CreateResult() => new ResultSlot<T>(converter);

    public override ValueTask InvokeAsync(object? instance, Invocation invocation)
    {
        Task<T> task = call(instance, invocation) ?? throw TaskResults.NoTask();
        return TaskResults.Keep((ResultSlot<T>)invocation.Result, new ValueTask<T>(task));
    }
}
