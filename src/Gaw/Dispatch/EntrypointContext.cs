using System.Reflection;
using Gaw.JsonWeb.Server;
using Gaw.Services;

namespace Gaw.Dispatch;

/// <summary>The call of an entrypoint as the server's filters see it.</summary>
internal sealed class EntrypointContext(Entrypoint entrypoint, Invocation invocation, ServerCall call)
    : GawFilterContext(entrypoint.Path, call.Meta.Headers, call.RemoteEndPoint, call.ClientCertificate, invocation.CancellationToken)
{
    /// <summary>In place of how many are under way: the reply is given, so none begins any more.</summary>
    private const int Replied = int.MinValue;

    private readonly EntrypointArguments _arguments = new(entrypoint.Parameters, invocation.Slots);

    /// <summary>
    /// Runs of the method: a filter may repeat it, also several at once. The increment in
    /// <see cref="InvokeAsync()"/> pairs with the write in <see cref="End"/>, which a late filter finds.
    /// </summary>
    private int _underWay;

    /// <summary>A filter has given a result in place of the method's. Pairs with the read in <see cref="WasLeft"/>, when the filters have ended on whichever thread.</summary>
    private volatile bool _hasResultInPlace;

    public override MethodInfo Method => entrypoint.Method;

    public override GawArguments Arguments => _arguments;

    public override object? Result
    {
        get => invocation.Result.BoxedValue;
        set
        {
            invocation.Result.BoxedValue = value;
            _hasResultInPlace = true;
        }
    }

    /// <summary>The filters have ended, the method that they began has not, and none of them has given a result in its place.</summary>
    public bool WasLeft => Volatile.Read(ref _underWay) > 0 && !_hasResultInPlace;

    /// <summary>The end of the filters' chain.</summary>
    public static ValueTask InvokeAsync(GawFilterContext context) => ((EntrypointContext)context).InvokeAsync();

    /// <summary>The reply is given: a filter that goes on runs nothing any more.</summary>
    public void End() => Volatile.Write(ref _underWay, Replied);

    /// <remarks>Not asynchronous itself: what a synchronous method sets in its context is there for the filter afterwards.</remarks>
    private ValueTask InvokeAsync()
    {
        if (Interlocked.Increment(ref _underWay) <= 0)
        {
            throw new InvalidOperationException($"A filter of {Path} went on when the reply had been given, so the method has not run. Await next before the filter returns.");
        }

        _hasResultInPlace = false;
        ValueTask running;
        try
        {
            running = entrypoint.InvokeAsync(invocation);
        }
        catch
        {
            Interlocked.Decrement(ref _underWay);
            throw;
        }

        if (!running.IsCompleted)
        {
            return WaitAsync(running);
        }

        Interlocked.Decrement(ref _underWay);
        return running;
    }

    private async ValueTask WaitAsync(ValueTask running)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private sealed class EntrypointArguments(IReadOnlyList<Parameter> parameters, ParameterSlot[] slots) : GawArguments
    {
        public override int Count => slots.Length;

        public override object? this[int index]
        {
            get => slots[index].BoxedValue;
            set => slots[index].Replace(value, parameters[index].Name);
        }

        public override string GetName(int index) => parameters[index].Name;
    }
}
