namespace Gaw.Services.Invoking;

/// <summary>A method that gives a <see cref="Task"/> without a result.</summary>
internal sealed class TaskInvoker(Func<object?, Invocation, Task> call) : MethodInvoker
{
    public override ResultSlot CreateResult() => new();

    public override ValueTask InvokeAsync(object? instance, Invocation invocation) => new(call(instance, invocation) ?? throw TaskResults.NoTask());
}
