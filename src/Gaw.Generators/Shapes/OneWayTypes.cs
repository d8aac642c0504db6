using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Shapes;

/// <summary>Finds the types in a signature that can be sent but not received, the types of members included.</summary>
internal static class OneWayTypes
{
    /// <summary>The types that a value brings along and that can certainly not be read, with the reason.</summary>
    public static IEnumerable<(INamedTypeSymbol Type, string Reason)> Find(ITypeSymbol type)
    {
        HashSet<ITypeSymbol> seen = new(SymbolEqualityComparer.Default);
        Queue<ITypeSymbol> waiting = new([type]);
        while (waiting.Count > 0)
        {
            ITypeSymbol next = waiting.Dequeue().WithNullableAnnotation(NullableAnnotation.None);
            if (!seen.Add(next))
            {
                continue;
            }

            if (next is IArrayTypeSymbol array)
            {
                waiting.Enqueue(array.ElementType);
            }
            else if (next is INamedTypeSymbol named && TypeParts.IsObject(named))
            {
                if (ObjectShape.WhyNotReadable(named) is { } reason)
                {
                    yield return (named, reason);
                    continue;
                }

                foreach (MemberSource source in MemberSources.Of(named).Where(static source => source.IsState && !TypeParts.IsIgnored(source.Symbol)))
                {
                    waiting.Enqueue(source.Type);
                }
            }
            else if (next is INamedTypeSymbol { IsTupleType: true } tuple)
            {
                foreach (IFieldSymbol item in tuple.TupleElements)
                {
                    waiting.Enqueue(item.Type);
                }
            }
            else if (next is INamedTypeSymbol { TypeKind: not TypeKind.Enum and not TypeKind.Delegate } holder)
            {
                foreach (ITypeSymbol argument in TypeParts.IsOfTheFramework(holder) ? holder.TypeArguments : Types.ItemOf(holder) is { } item ? [item] : [])
                {
                    waiting.Enqueue(argument);
                }
            }
        }
    }
}
