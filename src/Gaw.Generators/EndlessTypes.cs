using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>
/// Finds generic types that lead to ever larger ones, such as <c>class Nest&lt;T&gt; { Nest&lt;List&lt;T&gt;&gt; Inner; }</c>. Any other graph of types
/// is finite, whatever its size. It looks at definitions only, of which there are finitely many: an edge leads from a type parameter to the one that it
/// is an argument of, and grows when it is a part of that argument. Types grow without end exactly where a growing edge lies on a circle.
/// (Kennedy and Pierce, "On decidability of nominal subtyping with variance", 2007; ECMA-335 II.9.2 asks the same of base classes.)
/// </summary>
internal static class EndlessTypes
{
    private static readonly ConditionalWeakTable<INamedTypeSymbol, StrongBox<INamedTypeSymbol?>> Travelling = new();
    private static readonly ConditionalWeakTable<INamedTypeSymbol, StrongBox<INamedTypeSymbol?>> Mentioned = new();

    /// <summary>The definition of a type that grows without end, among those that a type leads to; <see langword="null"/> for none.</summary>
    /// <param name="type">The type.</param>
    /// <param name="all">Looks at whatever might be a member; otherwise at what certainly travels.</param>
    public static INamedTypeSymbol? Find(ITypeSymbol type, bool all = false)
    {
        foreach (INamedTypeSymbol named in TypeParts.OfName(type))
        {
            if ((all ? Mentioned : Travelling).GetValue(named.OriginalDefinition, definition => new(Search(definition, all))).Value is { } endless)
            {
                return endless;
            }
        }

        return null;
    }

    private static INamedTypeSymbol? Search(INamedTypeSymbol root, bool all)
    {
        HashSet<INamedTypeSymbol> seen = new(SymbolEqualityComparer.Default) { root };
        Queue<INamedTypeSymbol> waiting = new([root]);
        Dictionary<ITypeParameterSymbol, HashSet<ITypeParameterSymbol>> edges = new(SymbolEqualityComparer.Default);
        List<(ITypeParameterSymbol From, ITypeParameterSymbol To)> growing = [];
        while (waiting.Count > 0)
        {
            foreach (INamedTypeSymbol part in TypeParts.OfMembers(waiting.Dequeue(), all).SelectMany(TypeParts.OfName))
            {
                if (seen.Add(part.OriginalDefinition))
                {
                    waiting.Enqueue(part.OriginalDefinition);
                }

                for (int i = 0; i < part.TypeArguments.Length; i++)
                {
                    foreach (ITypeParameterSymbol from in Parameters(part.TypeArguments[i]))
                    {
                        ITypeParameterSymbol to = part.OriginalDefinition.TypeParameters[i];
                        Targets(edges, from).Add(to);
                        if (part.TypeArguments[i] is not ITypeParameterSymbol)
                        {
                            growing.Add((from, to));
                        }
                    }
                }
            }
        }

        return growing.FirstOrDefault(edge => Reaches(edges, edge.To, edge.From)).From?.ContainingType;
    }

    private static IEnumerable<ITypeParameterSymbol> Parameters(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => [parameter],
        IArrayTypeSymbol array => Parameters(array.ElementType),
        _ => TypeParts.OfName(type).SelectMany(static named => named.TypeArguments).SelectMany(static argument => Innermost(argument) is ITypeParameterSymbol parameter ? new[] { parameter } : []),
    };

    private static ITypeSymbol Innermost(ITypeSymbol type)
    {
        while (type is IArrayTypeSymbol array)
        {
            type = array.ElementType;
        }

        return type;
    }

    private static HashSet<ITypeParameterSymbol> Targets(Dictionary<ITypeParameterSymbol, HashSet<ITypeParameterSymbol>> edges, ITypeParameterSymbol from)
    {
        if (!edges.TryGetValue(from, out HashSet<ITypeParameterSymbol>? targets))
        {
            edges.Add(from, targets = new(SymbolEqualityComparer.Default));
        }

        return targets;
    }

    private static bool Reaches(Dictionary<ITypeParameterSymbol, HashSet<ITypeParameterSymbol>> edges, ITypeParameterSymbol from, ITypeParameterSymbol to)
    {
        HashSet<ITypeParameterSymbol> seen = new(SymbolEqualityComparer.Default) { from };
        Queue<ITypeParameterSymbol> waiting = new([from]);
        while (waiting.Count > 0)
        {
            ITypeParameterSymbol each = waiting.Dequeue();
            if (SymbolEqualityComparer.Default.Equals(each, to))
            {
                return true;
            }

            foreach (ITypeParameterSymbol next in edges.TryGetValue(each, out HashSet<ITypeParameterSymbol>? targets) ? targets : [])
            {
                if (seen.Add(next))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return false;
    }
}
