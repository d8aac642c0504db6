using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using System.Linq.Expressions;
using Gaw.JsonWeb;
using Gaw.Shared;
using Microsoft.CSharp.RuntimeBinder;

namespace Gaw.Proxies.Dynamic;

/// <summary>A service as its caller sees it through <c>dynamic</c>: every member is a method of that name.</summary>
internal sealed class DynamicServiceProxy(JsonWebClient client, string service) : DynamicObject
{
    private readonly ConcurrentDictionary<string, DynamicMethodProxy> _members = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DynamicMethodProxy> _verbatim = new(StringComparer.Ordinal);

    public override DynamicMetaObject GetMetaObject(Expression parameter) => new CheckedMetaObject(base.GetMetaObject(parameter));

    public override bool TryInvoke(InvokeBinder binder, object?[]? args, out object? result) =>
        throw new RuntimeBinderException($"The service {service} was called itself. A call names a service and a method: client.{service}.METHOD(...).");

    public override bool TryInvokeMember(InvokeMemberBinder binder, object?[]? args, out object? result)
    {
        result = GetMember(binder.Name).Invoke(args ?? [], binder.CallInfo);
        return true;
    }

    public override bool TryGetMember(GetMemberBinder binder, [NotNullWhen(true)] out object? result)
    {
        result = GetMember(binder.Name);
        return true;
    }

    public override bool TryGetIndex(GetIndexBinder binder, object[] indexes, [NotNullWhen(true)] out object? result)
    {
        result = _verbatim.GetOrAdd(IndexerName.Of(indexes), static (name, self) => self.Create(name, isAsync: false), this);
        return true;
    }

    /// <summary>A member's name goes out as it is written, save that the suffix <c>Async</c> asks for a task and is left out.</summary>
    private DynamicMethodProxy GetMember(string name) => _members.GetOrAdd(
        name,
        static (name, self) =>
        {
            string sent = WireNames.WithoutAsync(name);
            return self.Create(sent, isAsync: sent.Length < name.Length);
        },
        this);

    private DynamicMethodProxy Create(string method, bool isAsync) => new(client, client.GetTarget($"{service}/{method}"), isAsync);
}
