namespace Gaw.Services.Invoking;

/// <summary>A method that gives nothing.</summary>
internal sealed class VoidInvoker(Action<object?, Invocation> call) : MethodInvoker
{
    public override ResultSlot CreateResult() => new();

    public override ValueTask InvokeAsync(object? instance, Invocation invocation)
    {
        call(instance, invocation);
        return default;
    }
}
