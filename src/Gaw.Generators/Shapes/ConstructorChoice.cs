using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Shapes;

/// <summary>The constructor that makes a type again: each of its parameters takes a member of its name and type, or has a default value.</summary>
internal readonly struct ConstructorChoice
{
    private ConstructorChoice(IMethodSymbol? constructor, HashSet<MemberSource> fed, int unfed)
    {
        Constructor = constructor;
        Fed = fed;
        Unfed = unfed;
    }

    /// <summary>The constructor; <see langword="null"/> for a struct that is made without one.</summary>
    public IMethodSymbol? Constructor { get; }

    /// <summary>The members that its parameters take.</summary>
    public HashSet<MemberSource> Fed { get; }

    /// <summary>How many parameters neither take a member nor have a default value.</summary>
    private int Unfed { get; }

    /// <summary>Chooses the constructor with which the most members are given back; of equal ones the one with the fewest parameters.</summary>
    public static bool TryChoose(INamedTypeSymbol type, List<MemberSource> sources, Func<MemberSource, bool> isGivenBack, out ConstructorChoice choice)
    {
        IMethodSymbol[] own = [.. type.InstanceConstructors.Where(each => !(type.IsValueType && each.IsImplicitlyDeclared && each.Parameters.IsEmpty))];
        IMethodSymbol[] marked = [.. own.Where(static each => each.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "JsonConstructorAttribute"))];
        IEnumerable<IMethodSymbol> candidates = marked.Length > 0 ? marked : own.Where(static each => each.DeclaredAccessibility is Accessibility.Public);
        ConstructorChoice[] fitting = [.. candidates.Select(each => Feed(each, sources)).Where(static each => each.Unfed == 0)
            .OrderBy(each => sources.Count(source => source.IsState && !isGivenBack(source) && !each.Fed.Contains(source)))
            .ThenByDescending(static each => each.Fed.Count).ThenBy(static each => each.Constructor!.Parameters.Length)];
        choice = fitting.Length > 0 ? fitting[0] : new ConstructorChoice(null, [], 0);
        return fitting.Length > 0 ? marked.Length < 2 : type.IsValueType && marked.Length == 0;
    }

    private static ConstructorChoice Feed(IMethodSymbol constructor, List<MemberSource> sources)
    {
        HashSet<MemberSource> fed = [];
        int unfed = 0;
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            MemberSource? source = sources.Find(each => each.Name == parameter.Name && Types.AreRelated(each.Type, parameter.Type))
                ?? sources.Find(each => IsNamedLike(each, parameter) && Types.AreRelated(each.Type, parameter.Type));
            if (parameter.RefKind is not RefKind.None)
            {
                unfed++;
            }
            else if (source is not null)
            {
                fed.Add(source);
            }
            else if (!parameter.HasExplicitDefaultValue)
            {
                unfed++;
            }
        }

        return new ConstructorChoice(constructor, fed, unfed);
    }

    private static bool IsNamedLike(MemberSource source, IParameterSymbol parameter) =>
        string.Equals(source.Name.TrimStart('_'), parameter.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase);
}
