using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Roots;

/// <summary>Questions about a type whose values travel: can generated code name it, which of its members count.</summary>
internal static class RootTypes
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>A type as generated code names it.</summary>
    public static string Show(ITypeSymbol type) => type.TypeKind is TypeKind.Dynamic ? "object" : type.ToDisplayString(TypeFormat);

    /// <summary>A type as it stands behind <c>typeof</c>, a generic one without its arguments.</summary>
    public static string ShowUnbound(INamedTypeSymbol type) => (IsGeneric(type) ? type.ConstructUnboundGenericType() : type).ToDisplayString(TypeFormat);

    /// <summary>How deep the type arguments are nested.</summary>
    public static int Depth(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => 1 + Depth(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Select(static argument => 1 + Depth(argument)).Concat(named.ContainingType is { } outer ? [Depth(outer)] : []).DefaultIfEmpty().Max(),
        _ => 0,
    };

    /// <summary>Public, or marked to count as a member: <c>[JsonInclude]</c>, <c>[JsonConstructor]</c>.</summary>
    public static bool IsMember(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public
        || symbol.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name is "JsonIncludeAttribute" or "JsonConstructorAttribute");

    /// <summary>Whether code that stands elsewhere in the assembly can name a type. One that is private to its class is refused by name at run time.</summary>
    public static bool CanBeNamed(ITypeSymbol type, Compilation compilation) => type switch
    {
        ITypeParameterSymbol => false,
        IArrayTypeSymbol array => CanBeNamed(array.ElementType, compilation),
        INamedTypeSymbol named => !named.IsUnboundGenericType && !named.IsFileLocal && named.TypeArguments.All(argument => CanBeNamed(argument, compilation))
            && (named.ContainingType is not { } outer || CanBeNamed(outer, compilation)) && compilation.IsSymbolAccessibleWithin(named, compilation.Assembly),
        _ => true,
    };

    private static bool IsGeneric(INamedTypeSymbol type) => type.IsGenericType || (type.ContainingType is { } outer && IsGeneric(outer));
}
