using Gaw.Shared;

namespace Gaw.Services.Invoking;

/// <summary>A method that gives a <see cref="ValueTask"/> without a result.</summary>
internal sealed class ValueTaskInvoker(Func<object?, Invocation, ValueTask> call) : MethodInvoker
{
    public override ResultSlot CreateResult() => new();

    public override ValueTask InvokeAsync(object? instance, Invocation invocation) => ForeignTask.Guard(call(instance, invocation));
}
