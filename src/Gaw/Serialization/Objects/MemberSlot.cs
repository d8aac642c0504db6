using System.Linq.Expressions;
using Gaw.Serialization.Shapes;
using static System.Linq.Expressions.Expression;

namespace Gaw.Serialization.Objects;

/// <summary>The local variables of one member.</summary>
internal sealed class MemberSlot(ObjectMember member, int index)
{
    public ObjectMember Member { get; } = member;

    public int Index { get; } = index;

    public ParameterExpression Value { get; } = Variable(member.Type, member.WireName);

    public ParameterExpression IsPresent { get; } = Variable(typeof(bool), "has " + member.WireName);
}
