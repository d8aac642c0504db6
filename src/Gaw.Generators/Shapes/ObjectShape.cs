using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Shapes;

/// <summary>
/// Whether a type that travels member by member can be made again of what came: the twin of the library's <c>ObjectShape</c>, with one difference.
/// Where the code cannot be seen, as that of other assemblies, whose private members are not in what the compiler is given, it says nothing.
/// </summary>
internal static class ObjectShape
{
    private const string Remedies = "add a constructor parameter or a public setter, or mark the member with [JsonInclude] beside a non-public setter, or with [JsonIgnore] to keep it at home";

    /// <summary>How deep objects that are filled in place are followed: the compiler's stack ends, and a type that grows never does. Nothing is said of deeper ones.</summary>
    private const int MostNested = 32;

    private static readonly HashSet<ITypeSymbol> NoOwners = new(SymbolEqualityComparer.Default);

    /// <summary>Why values can certainly be sent but not received, with the remedy; <see langword="null"/> when they can, or when that cannot be told.</summary>
    public static string? WhyNotReadable(INamedTypeSymbol type) => WhyNotReadable(type, NoOwners);

    private static string? WhyNotReadable(INamedTypeSymbol type, HashSet<ITypeSymbol> owners)
    {
        if (type.IsAbstract || type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || MemberSources.Levels(type).Any(static level => level.DeclaringSyntaxReferences.IsEmpty))
        {
            return null;
        }

        HashSet<ITypeSymbol> inside = new(owners, SymbolEqualityComparer.Default) { type };
        List<MemberSource> all = MemberSources.Of(type);
        List<MemberSource> sources = all.FindAll(static source => !TypeParts.IsIgnored(source.Symbol));
        HashSet<MemberSource> places = [.. sources.Where(source => !source.IsSettable && CanBeFilled(source, inside))];
        if (all.Find(static source => TypeParts.IsIgnored(source.Symbol) && IsRequired(source.Symbol)) is { } contradiction)
        {
            return $"{contradiction.Name} is required, but stays at home; take one of the two away";
        }

        if (!ConstructorChoice.TryChoose(type, sources, source => source.IsSettable || places.Contains(source), out ConstructorChoice choice))
        {
            return "no public constructor has parameters that are named and typed like its members; add one, or mark a constructor with [JsonConstructor]";
        }

        bool hasPlaces = choice.Constructor is not null;
        HashSet<ISymbol> givenBack = new(sources.Where(source => choice.Fed.Contains(source) || source.IsSettable).Select(static source => source.Storage).OfType<ISymbol>(), SymbolEqualityComparer.Default);
        string[] lost = [.. sources.Where(source => source.IsState && !source.IsSettable && !choice.Fed.Contains(source) && !(hasPlaces && places.Contains(source)) && !IsAnotherName(source, givenBack)).Select(static source => source.Name)];
        return lost.Length > 0 ? $"nothing gives {string.Join(", ", lost)} back; {Remedies}"
            : !sources.Exists(source => source.IsState || places.Contains(source)) && KeepsValues(type) ? "it keeps values, but none of its members travels; add public properties, or mark members with [JsonInclude]"
            : null;
    }

    /// <summary>A getter that returns the field of a member that travels anyway.</summary>
    private static bool IsAnotherName(MemberSource source, HashSet<ISymbol> givenBack) =>
        source is { Symbol: IPropertySymbol, HasClosedSetter: false, Storage: { } storage } && givenBack.Contains(storage);

    /// <summary>A collection or an object that exists after construction, or a view of a collection behind it. What is not known to be fixed counts as one that can be filled.</summary>
    private static bool CanBeFilled(MemberSource source, HashSet<ITypeSymbol> owners)
    {
        IFieldSymbol? behind = source is { Symbol: IPropertySymbol property, HasClosedSetter: false } ? BackingFields.ByConvention(property) : null;
        if (Types.IsCollection(source.Type))
        {
            return !Types.IsFixed(source.Type) || (behind is not null && !Types.IsFixed(behind.Type) && Types.AreRelated(source.Type, behind.Type));
        }

        return source.Type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } named && TypeParts.IsObject(named) && !owners.Contains(named)
            && (owners.Count > MostNested || CanBeSet(named, owners));
    }

    private static bool CanBeSet(INamedTypeSymbol type, HashSet<ITypeSymbol> owners) =>
        MemberSources.Levels(type).Any(static level => level.DeclaringSyntaxReferences.IsEmpty)
        || (WhyNotReadable(type, owners) is null
            && MemberSources.Of(type).TrueForAll(source => !source.IsState || source.IsSettable || TypeParts.IsIgnored(source.Symbol) || CanBeFilled(source, new(owners, SymbolEqualityComparer.Default) { type })));

    private static bool KeepsValues(INamedTypeSymbol type) =>
        MemberSources.Levels(type).SelectMany(static level => level.GetMembers()).OfType<IFieldSymbol>().Any(static each => each is { IsStatic: false, IsConst: false });

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };
}
