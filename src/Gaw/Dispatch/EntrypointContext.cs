using System.Reflection;
using Gaw.JsonWeb.Server;
using Gaw.Services;

namespace Gaw.Dispatch;

/// <summary>The call of an entrypoint as the server's filters see it.</summary>
internal sealed class EntrypointContext(Entrypoint entrypoint, Invocation invocation, ServerCall call)
    : GawFilterContext(entrypoint.Path, call.Meta.Headers, call.RemoteEndPoint, call.ClientCertificate, invocation.CancellationToken)
{
    private readonly EntrypointArguments _arguments = new(entrypoint.Parameters, invocation.Slots);

    public override MethodInfo Method => entrypoint.Method;

    public override GawArguments Arguments => _arguments;

    public override object? Result
    {
        get => invocation.Result.BoxedValue;
        set => invocation.Result.BoxedValue = value;
    }

    /// <summary>The end of the filters' chain.</summary>
    public static ValueTask InvokeAsync(GawFilterContext context) => ((EntrypointContext)context).InvokeAsync();

    private ValueTask InvokeAsync() => entrypoint.InvokeAsync(invocation);

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
