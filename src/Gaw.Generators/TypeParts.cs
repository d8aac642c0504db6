using System.Globalization;
using Gaw.Generators.Shapes;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>The types that a type takes along when it travels.</summary>
internal static class TypeParts
{
    private static readonly HashSet<string> FrameworkKeys = new(StringComparer.Ordinal) { "B77A5C561934E089", "B03F5F7F11D50A3A", "7CEC85D7BEA7798E", "CC7B13FFCD2DDD51" };

    /// <summary>The types of a type's members, those of base classes included; of a collection those of its items; none for types of .NET itself, whose type arguments are their parts.</summary>
    /// <param name="type">The type.</param>
    /// <param name="all">Whatever might be a member, with the parameters of constructors; otherwise what certainly travels.</param>
    public static IEnumerable<ITypeSymbol> OfMembers(INamedTypeSymbol type, bool all)
    {
        if (!IsObject(type))
        {
            foreach (INamedTypeSymbol sequence in IsOfTheFramework(type) ? [] : type.AllInterfaces.Where(static each => each.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T))
            {
                yield return sequence.TypeArguments[0];
            }

            yield break;
        }

        for (INamedTypeSymbol? each = type; each is { SpecialType: SpecialType.None }; each = each.BaseType)
        {
            foreach (ISymbol member in each.GetMembers().Where(member => member is { IsStatic: false } && (all || Travels(member))))
            {
                switch (member)
                {
                    case IPropertySymbol { IsIndexer: false } property when all || IsState(property):
                        yield return property.Type;
                        break;
                    case IFieldSymbol { IsImplicitlyDeclared: false } variable:
                        yield return variable.Type;
                        break;
                    case IMethodSymbol { MethodKind: MethodKind.Constructor } constructor when all:
                        foreach (IParameterSymbol parameter in constructor.Parameters)
                        {
                            yield return parameter.Type;
                        }

                        break;
                    default:
                        break;
                }
            }
        }
    }

    /// <summary>A type and the types that its name is made of: elements and type arguments, those of the types around it included.</summary>
    public static IEnumerable<INamedTypeSymbol> OfName(ITypeSymbol type)
    {
        Stack<ITypeSymbol> waiting = new([type]);
        while (waiting.Count > 0)
        {
            switch (waiting.Pop())
            {
                case IArrayTypeSymbol array:
                    waiting.Push(array.ElementType);
                    break;
                case INamedTypeSymbol named:
                    yield return named;
                    foreach (ITypeSymbol argument in named.TypeArguments)
                    {
                        waiting.Push(argument);
                    }

                    if (named.ContainingType is { } outer)
                    {
                        waiting.Push(outer);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Whether a type travels member by member.</summary>
    public static bool IsObject(INamedTypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface && type.SpecialType is SpecialType.None && !type.IsTupleType && !type.IsRefLikeType
        && Known.Bare(type) != "Gaw.GawObject" && !IsOfTheFramework(type) && !type.AllInterfaces.Any(static each => each.SpecialType is SpecialType.System_Collections_IEnumerable);

    /// <summary>Whether a member stays at home because its class says so.</summary>
    public static bool IsIgnored(ISymbol member) => member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name switch
    {
        "IgnoreDataMemberAttribute" => true,

        // The default of the condition is Always, which is 1.
        "JsonIgnoreAttribute" => attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "Condition").Value.Value is null or 1,
        _ => false,
    });

    /// <summary>Whether a mark makes a member that is not public count as one that is.</summary>
    public static bool IsIncluded(ISymbol member) => member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "JsonIncludeAttribute");

    /// <summary>By the key of the assembly, as at run time; a package may well have a namespace that begins with System.</summary>
    public static bool IsOfTheFramework(ITypeSymbol type) =>
        type.SpecialType is not SpecialType.None
        || (type.ContainingAssembly?.Identity.PublicKeyToken is { IsDefaultOrEmpty: false } token && FrameworkKeys.Contains(string.Concat(token.Select(static part => part.ToString("X2", CultureInfo.InvariantCulture)))));

    private static bool IsState(IPropertySymbol property) => property.SetMethod is not null || BackingFields.Of(property) is not null || BackingFields.ByConvention(property) is not null;

    private static bool Travels(ISymbol member) =>
        (member.DeclaredAccessibility is Accessibility.Public || IsIncluded(member)) && !IsIgnored(member);
}
