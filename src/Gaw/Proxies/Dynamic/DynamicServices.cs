using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using System.Linq.Expressions;
using Gaw.JsonWeb;
using Microsoft.CSharp.RuntimeBinder;

namespace Gaw.Proxies.Dynamic;

/// <summary>The services of a server as the members of a client that is used through <c>dynamic</c>.</summary>
internal sealed class DynamicServices(JsonWebClient client)
{
    private readonly ConcurrentDictionary<string, DynamicServiceProxy> _services = new(StringComparer.Ordinal);

    public DynamicServiceProxy Get(string name) => _services.GetOrAdd(name, static (service, web) => new DynamicServiceProxy(web, service), client);

    public DynamicServiceProxy GetByIndex(params object[] indexes) => Get(IndexerName.Of(indexes));

    /// <summary>
    /// Binds members that the client's class does not have to services. (Deriving from <see cref="DynamicObject"/> would do the same, and
    /// put a dozen members on the client that could then be no service's name.)
    /// </summary>
    internal sealed class MetaObject(Expression expression, object owner, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type type, Func<Expression, Expression> getServices)
        : DynamicMetaObject(expression, BindingRestrictions.Empty, owner)
    {
        public override DynamicMetaObject BindInvokeMember(InvokeMemberBinder binder, DynamicMetaObject[] args) =>
            Array.Exists(type.GetMethods(), method => method.Name == binder.Name)
                ? binder.FallbackInvokeMember(this, args)
                : CheckedMetaObject.Throw(this, () => new RuntimeBinderException(
                    $"{binder.Name} was called on the client itself, which has no such method. A call names a service and a method: client.SERVICE.{binder.Name}(...), or client.{binder.Name}.METHOD(...)."));

        public override DynamicMetaObject BindGetMember(GetMemberBinder binder) =>
            binder.FallbackGetMember(this, Bound(nameof(Get), Expression.Constant(binder.Name)));

        public override DynamicMetaObject BindGetIndex(GetIndexBinder binder, DynamicMetaObject[] indexes) =>
            Bound(nameof(GetByIndex), Expression.NewArrayInit(typeof(object), indexes.Select(static i => Expression.Convert(i.Expression, typeof(object)))));

        private DynamicMetaObject Bound(string method, Expression argument) => new(
            Expression.Call(getServices(Expression.Convert(Expression, LimitType)), typeof(DynamicServices).GetMethod(method)!, argument),
            BindingRestrictions.GetTypeRestriction(Expression, LimitType));
    }
}
