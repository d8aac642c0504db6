using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects.Filling;

/// <summary>
/// Which objects behind members without a setter lead back to the type that holds them: nobody can fill those in place, as filling would never end. A property of the
/// graph of types, whichever of them is asked about first.
/// </summary>
internal static class InPlaceCycles
{
    private static readonly ConditionalWeakTable<Type, Edge[]> Known = [];

    /// <summary>
    /// Whether filling a member's object leads back to its owner. Through state only, where the member is state itself: a computed member stays at home rather than
    /// keep state from travelling. What grows without end counts as leading back.
    /// </summary>
    public static bool LeadsBack(Type owner, MemberSource member)
    {
        Edge asked = EdgesOf(owner).First(edge => edge.Member == member.Info);
        HashSet<Type> met = [asked.Target];
        Stack<TypeGrowth> open = new([new TypeGrowth(asked.Target, new TypeGrowth(owner, Outer: null))]);
        while (open.TryPop(out TypeGrowth? way))
        {
            if (way.Type == owner || way.IsEndless)
            {
                return true;
            }

            foreach (Edge edge in EdgesOf(way.Type))
            {
                if ((edge.IsState || !asked.IsState) && met.Add(edge.Target))
                {
                    open.Push(new TypeGrowth(edge.Target, way));
                }
            }
        }

        return false;
    }

    private static Edge[] EdgesOf(Type type) => Known.GetValue(type, static type =>
    {
        List<MemberSource> sources = MemberSources.Of(type).FindAll(static source => !MemberSources.IsIgnored(source.Info));
        HashSet<FieldInfo> set = [.. sources.Where(static source => source.IsSettable).Select(static source => source.Storage).OfType<FieldInfo>()];
        return [.. sources.Where(static source => !source.IsSettable && InPlace.IsPlace(source) && InPlace.IsObject(source.Type))
            .Select(source => new Edge(source.Info, source.Type, source.IsState && !(source.Storage is { } storage && set.Contains(storage))))];
    });

    /// <summary>A member without a setter that holds an object.</summary>
    private sealed record Edge(MemberInfo Member, Type Target, bool IsState);
}
