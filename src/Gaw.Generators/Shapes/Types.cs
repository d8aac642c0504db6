using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Shapes;

/// <summary>Questions about types that reflection answers at run time.</summary>
internal static class Types
{
    private static readonly HashSet<string> Immutable = new(StringComparer.Ordinal) { "System.Collections.Immutable", "System.Collections.Frozen" };

    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal) { "ReadOnlyCollection", "ReadOnlyDictionary", "ReadOnlySet", "ReadOnlyObservableCollection" };

    private static readonly SymbolDisplayFormat RuntimeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    /// <summary>Whether two types are one at run time, where the names of tuple items, <c>dynamic</c> and annotations are not seen.</summary>
    public static bool AreSame(ITypeSymbol left, ITypeSymbol? right) =>
        SymbolEqualityComparer.Default.Equals(left, right) || (right is not null && AtRunTime(left) == AtRunTime(right));

    /// <summary>Whether values of one of the types may be values of the other.</summary>
    public static bool AreRelated(ITypeSymbol left, ITypeSymbol right) =>
        IsAssignable(left, right) || IsAssignable(right, left)
        || AreSame(Underlying(left), Underlying(right))
        || (ItemOf(left) is { } item && AreSame(item, ItemOf(right)));

    /// <summary>The type of a sequence's items; <see langword="null"/> for what is none.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => null,
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol named => new[] { named }.Concat(named.AllInterfaces).FirstOrDefault(static each => each.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0],
        _ => null,
    };

    /// <summary>Whether a type is enumerable.</summary>
    public static bool IsCollection(ITypeSymbol type) =>
        type is IArrayTypeSymbol || type.SpecialType is SpecialType.System_Collections_IEnumerable or SpecialType.System_String
        || type.AllInterfaces.Any(static each => each.SpecialType is SpecialType.System_Collections_IEnumerable);

    /// <summary>Whether a collection that exists can certainly not be filled.</summary>
    public static bool IsFixed(ITypeSymbol type) =>
        type is IArrayTypeSymbol || type.SpecialType is SpecialType.System_String
        || Immutable.Contains(type.ContainingNamespace?.ToDisplayString() ?? "") || (TypeParts.IsOfTheFramework(type) && ReadOnly.Contains(type.Name));

    private static bool IsAssignable(ITypeSymbol to, ITypeSymbol from)
    {
        if (to.SpecialType is SpecialType.System_Object || to.TypeKind is TypeKind.Dynamic || to is ITypeParameterSymbol || from is ITypeParameterSymbol)
        {
            return true;
        }

        for (ITypeSymbol? each = from; each is not null; each = each.BaseType)
        {
            if (AreSame(each, to))
            {
                return true;
            }
        }

        // Variance makes more of them assignable; one definition is enough to be unsure.
        return from.AllInterfaces.Any(each => SymbolEqualityComparer.Default.Equals(each.OriginalDefinition, to.OriginalDefinition));
    }

    private static string AtRunTime(ITypeSymbol type) => type.ToDisplayString(RuntimeFormat).Replace("dynamic", "System.Object");

    private static ITypeSymbol Underlying(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
}
