using System.Collections.Concurrent;

namespace Gaw.Services;

/// <summary>The invocations of one entrypoint that no call uses at the moment.</summary>
internal sealed class InvocationPool(Parameter[] parameters, MethodInvoker invoker)
{
    private const int MaxPooled = 256;

    private readonly ConcurrentQueue<Invocation> _free = new();

    public Invocation Rent() => _free.TryDequeue(out Invocation? pooled)
        ? pooled
        : new Invocation([.. parameters.Select(static parameter => parameter.CreateSlot())], invoker.CreateResult());

    /// <summary>The invocation may serve another call.</summary>
    public void Return(Invocation invocation)
    {
        invocation.Clear();
        if (_free.Count < MaxPooled)
        {
            _free.Enqueue(invocation);
        }
    }
}
