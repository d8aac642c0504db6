using Gaw.Serialization;

namespace Gaw.Services.Invoking;

/// <summary>A method that gives a <see cref="ValueTask{TResult}"/>.</summary>
internal sealed class ValueTaskOfInvoker<T>(Func<object?, Invocation, ValueTask<T>> call, ValueConverter<T> converter) : MethodInvoker
{
    public override ResultSlot CreateResult() => new ResultSlot<T>(converter);

    public override ValueTask InvokeAsync(object? instance, Invocation invocation) =>
        TaskResults.Keep((ResultSlot<T>)invocation.Result, call(instance, invocation));
}
