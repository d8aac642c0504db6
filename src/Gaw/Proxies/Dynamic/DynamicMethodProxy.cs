using System.Dynamic;
using System.Linq.Expressions;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Envelopes;
using Microsoft.CSharp.RuntimeBinder;

namespace Gaw.Proxies.Dynamic;

/// <summary>A method as its caller sees it through <c>dynamic</c>.</summary>
internal sealed class DynamicMethodProxy(JsonWebClient client, CallTarget target, bool isAsync) : DynamicObject
{
    public override DynamicMetaObject GetMetaObject(Expression parameter) => new CheckedMetaObject(base.GetMetaObject(parameter));

    public override bool TryInvokeMember(InvokeMemberBinder binder, object?[]? args, out object? result) =>
        throw new RuntimeBinderException($"{binder.Name} was called on the method {target.Path}. A call names a service and a method: client.SERVICE.METHOD(...).");

    public override bool TryInvoke(InvokeBinder binder, object?[]? args, out object? result)
    {
        result = Invoke(args ?? [], binder.CallInfo);
        return true;
    }

    /// <summary>Calls the method: the last arguments by name where the call names them, a cancellation token and call options among them being taken out.</summary>
    /// <returns>The result, or for an asynchronous call a <see cref="Task{TResult}"/> of it.</returns>
    public object? Invoke(object?[] args, CallInfo call)
    {
        DynamicArguments arguments = new(client.Values, args, call, out CallOptions? options, out CancellationToken cancellationToken);
        return isAsync
            ? client.CallAsync(target, client.Values, arguments, options, cancellationToken).AsTask()
            : client.Call(target, client.Values, arguments, options, cancellationToken);
    }
}
