using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using System.Linq.Expressions;
using Gaw.Serialization.Types;
using Microsoft.CSharp.RuntimeBinder;

namespace Gaw.Proxies.Dynamic;

/// <summary>
/// Refuses expressions that C# allows on a <c>dynamic</c> receiver and a call cannot carry. It looks once for each call site, when that is bound:
/// before anything is sent, and at no cost to the calls.
/// </summary>
internal sealed class CheckedMetaObject(DynamicMetaObject inner) : DynamicMetaObject(inner.Expression, inner.Restrictions, inner.Value!)
{
    public override DynamicMetaObject BindInvokeMember(InvokeMemberBinder binder, DynamicMetaObject[] args) =>
        FindProblem(binder, args) is { } problem ? Throw(this, problem) : inner.BindInvokeMember(binder, args);

    public override DynamicMetaObject BindInvoke(InvokeBinder binder, DynamicMetaObject[] args) =>
        FindByReference("the method", args) is { } problem ? Throw(this, problem) : inner.BindInvoke(binder, args);

    public override DynamicMetaObject BindGetMember(GetMemberBinder binder) => inner.BindGetMember(binder);

    public override DynamicMetaObject BindGetIndex(GetIndexBinder binder, DynamicMetaObject[] indexes) => inner.BindGetIndex(binder, indexes);

    public override DynamicMetaObject BindConvert(ConvertBinder binder) => inner.BindConvert(binder);

    public override DynamicMetaObject BindSetMember(SetMemberBinder binder, DynamicMetaObject value) => inner.BindSetMember(binder, value);

    public override DynamicMetaObject BindSetIndex(SetIndexBinder binder, DynamicMetaObject[] indexes, DynamicMetaObject value) => inner.BindSetIndex(binder, indexes, value);

    public override IEnumerable<string> GetDynamicMemberNames() => inner.GetDynamicMemberNames();

    /// <summary>The result of a call site that always fails, with a new exception each time.</summary>
    public static DynamicMetaObject Throw(DynamicMetaObject target, Func<Exception> problem) => new(
        Expression.Throw(Expression.Invoke(Expression.Constant(problem)), typeof(object)),
        BindingRestrictions.GetTypeRestriction(target.Expression, target.LimitType));

    private static Func<Exception>? FindProblem(InvokeMemberBinder binder, DynamicMetaObject[] args)
    {
        string name = binder.Name;
        if (name == "GetAwaiter" && args.Length == 0)
        {
            return static () => new RuntimeBinderException("A service or a method cannot be awaited, only a call of it: await client.SERVICE.METHODAsync(...).");
        }

        if (TypeArguments(binder) is not { Count: > 0 } given)
        {
            return FindByReference(name, args);
        }

        string types = string.Join(", ", given.Select(TypeNames.Friendly));
        return () => new ArgumentException(
            $"{name}<{types}>(...) has type arguments, which a call cannot carry. Leave them out and convert the result, ({types})service.{name}(...), or use GawClient.Call<{types}>.");
    }

    private static Func<Exception>? FindByReference(string method, DynamicMetaObject[] args) =>
        Array.FindIndex(args, static argument => argument.Expression is ParameterExpression { IsByRef: true }) is var at and >= 0
            ? () => new ArgumentException($"Argument {at + 1} of {method} is passed by ref, in or out, but a call gives nothing back in its arguments. Pass the value, and return what changes.")
            : null;

    /// <summary>The type arguments stand in the binder of C#, whose class is not public.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A program that binds dynamic calls keeps the binder whole; where it did not, the arguments are passed over.")]
    private static IList<Type>? TypeArguments(InvokeMemberBinder binder) => binder.GetType().GetProperty("TypeArguments")?.GetValue(binder) as IList<Type>;
}
