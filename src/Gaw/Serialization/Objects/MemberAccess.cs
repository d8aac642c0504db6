using System.Linq.Expressions;
using System.Reflection;
using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Shapes;
using Gaw.Shared;
using static System.Linq.Expressions.Expression;

namespace Gaw.Serialization.Objects;

/// <summary>The expressions by which compiled code reaches a member, and a parameter of the constructor.</summary>
internal static class MemberAccess
{
    private static readonly MethodInfo FillMethod = ObjectCompiler.Method<InPlaceMembers>(nameof(InPlaceMembers.Fill));
    private static readonly MethodInfo CheckViewMethod = ObjectCompiler.Method<InPlaceMembers>(nameof(InPlaceMembers.CheckView));

    /// <summary>The argument for a parameter. A missing member of a narrower type cannot hold the parameter's default.</summary>
    public static Expression Argument(MemberSlot slot, ParameterInfo parameter) =>
        parameter.ParameterType == slot.Member.Type ? slot.Value : Condition(slot.IsPresent, Convert(slot.Value, parameter.ParameterType), DefaultOf(parameter));

    public static Expression Get(Expression owner, MemberSource source) =>
        source.Getter is { } getter ? Call(owner, getter) : Field(owner, (FieldInfo)source.Info);

    public static Expression Set(Expression owner, MemberSource source, Expression value) =>
        source.Setter is { } setter ? Call(owner, setter, value) : Assign(Field(owner, (FieldInfo)source.Info), value);

    public static Expression Fill(InPlaceMembers members, Expression made, MemberSlot slot)
    {
        Expression steps = Constant(members);
        Expression index = Constant(slot.Index);
        Expression shown = Convert(Get(made, slot.Member.Source), typeof(object));
        Expression content = Convert(slot.Value, typeof(object));
        return slot.Member.InPlaceField is { } behind
            ? Block(Call(steps, FillMethod, index, shown, Convert(Field(made, behind), typeof(object)), content), Call(steps, CheckViewMethod, index, shown, content))
            : Call(steps, FillMethod, index, shown, Constant(null), content);
    }

    public static Expression DefaultOf(ParameterInfo parameter)
    {
        object? value = ParameterDefaults.Of(parameter);
        return value is null ? Default(parameter.ParameterType) : Convert(Constant(value), parameter.ParameterType);
    }
}
