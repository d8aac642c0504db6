using Gaw.Serialization;

namespace Gaw.Services.Invoking;

/// <summary>A method that gives its result itself.</summary>
internal sealed class SyncInvoker<T>(Func<object?, Invocation, T> call, ValueConverter<T> converter) : MethodInvoker
{
    public override ResultSlot CreateResult() => new ResultSlot<T>(converter);

    public override ValueTask InvokeAsync(object? instance, Invocation invocation)
    {
        ((ResultSlot<T>)invocation.Result).Value = call(instance, invocation);
        return default;
    }
}
