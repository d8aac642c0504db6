using System.Runtime.CompilerServices;

namespace Gaw.Serialization.Types;

/// <summary>
/// Notices generic types that lead to ever larger ones, such as <c>class Nest&lt;T&gt; { Nest&lt;List&lt;T&gt;&gt; Inner; }</c>. Other graphs of types are
/// finite, whatever their size.
/// </summary>
/// <param name="Type">A type.</param>
/// <param name="Outer">The type whose part it is; <see langword="null"/> for the one asked for.</param>
internal sealed record TypeGrowth(Type Type, TypeGrowth? Outer)
{
    private const int MostSteps = 10;

    private static readonly ConditionalWeakTable<Type, StrongBox<int>> Depths = [];

    /// <summary>How often a generic type has been met inside itself with larger arguments.</summary>
    private readonly int _steps = Outer is null || !Type.IsGenericType ? 0 : CountSteps(Type, Outer);

    /// <summary>Whether the types grow without end.</summary>
    public bool IsEndless => _steps > MostSteps;

    /// <summary>Why the type cannot cross.</summary>
    public static GawSerializationException Refuse(Type type) =>
        new($"{TypeNames.Bare(type)}<...> cannot cross: its members lead to ever larger types of the same kind, without end.");

    private static int CountSteps(Type type, TypeGrowth outer)
    {
        Type definition = type.GetGenericTypeDefinition();
        for (TypeGrowth? each = outer; each is not null; each = each.Outer)
        {
            if (each.Type.IsGenericType && each.Type.GetGenericTypeDefinition() == definition)
            {
                return Depth(type) > Depth(each.Type) ? each._steps + 1 : each._steps;
            }
        }

        return 0;
    }

    /// <summary>How deep the type arguments are nested. Large types share their parts, so each is looked at once.</summary>
    private static int Depth(Type type)
    {
        if (type.HasElementType)
        {
            return 1 + Depth(type.GetElementType()!);
        }

        if (!type.IsGenericType)
        {
            return 0;
        }

        if (!Depths.TryGetValue(type, out StrongBox<int>? known))
        {
            known = new StrongBox<int>(1 + OtherStack.Continue(() => type.GetGenericArguments().Max(Depth)));
            Depths.AddOrUpdate(type, known);
        }

        return known.Value;
    }
}
