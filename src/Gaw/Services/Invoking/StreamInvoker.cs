using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.Services.Invoking;

/// <summary>Calls a method that gives a stream, and completes when its items have been taken.</summary>
internal sealed class StreamInvoker<T>(Func<object?, Invocation, IAsyncEnumerable<T>> call, ValueConverter<T> converter) : MethodInvoker
{
    public override ResultSlot CreateResult() => new StreamSlot<T>(converter);

    public override ValueTask InvokeAsync(object? instance, Invocation invocation)
    {
        IAsyncEnumerable<T> items = call(instance, invocation) ?? throw new InvalidOperationException("The method returned null in place of a stream.");
        ((StreamSlot)invocation.Result).WasTaken = true;
        return invocation.Items!.SendAsync(new ItemSource<T>(items, converter));
    }
}
