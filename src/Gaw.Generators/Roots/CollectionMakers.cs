using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Roots;

/// <summary>How a collection is made of the items that came, as code.</summary>
internal static class CollectionMakers
{
    private const string Collections = "global::System.Collections.";

    /// <summary>The constructed form of a generic interface that a type is or implements.</summary>
    public static INamedTypeSymbol? Implemented(INamedTypeSymbol type, string genericInterface) =>
        new[] { type }.Concat(type.AllInterfaces).FirstOrDefault(each => each.IsGenericType && Known.Bare(each) == genericInterface);

    public static string? Set(INamedTypeSymbol type) => Known.Bare(type) switch
    {
        "System.Collections.Generic.HashSet" or "System.Collections.Generic.ISet" or "System.Collections.Generic.IReadOnlySet" => "static items => items",
        "System.Collections.Frozen.FrozenSet" => $"static items => {Collections}Frozen.FrozenSet.ToFrozenSet(items, items.Comparer)",
        "System.Collections.Immutable.ImmutableHashSet" or "System.Collections.Immutable.IImmutableSet" => $"static items => {Collections}Immutable.ImmutableHashSet.ToImmutableHashSet(items, items.Comparer)",
        _ => null,
    };

    public static string Sequence(INamedTypeSymbol type, ITypeSymbol item)
    {
        string bare = Known.Bare(type);
        switch (bare)
        {
            case "System.Collections.Generic.List" or "System.Collections.Generic.IList" or "System.Collections.Generic.ICollection"
                or "System.Collections.Generic.IEnumerable" or "System.Collections.Generic.IReadOnlyList" or "System.Collections.Generic.IReadOnlyCollection":
                return "static items => items";
            case "System.Collections.Generic.Stack" or "System.Collections.Concurrent.ConcurrentStack":
                return "static items => new(global::System.Linq.Enumerable.Reverse(items))";
            case "System.Collections.Generic.LinkedList" or "System.Collections.Generic.Queue" or "System.Collections.Generic.SortedSet"
                or "System.Collections.Concurrent.ConcurrentQueue" or "System.Collections.Concurrent.ConcurrentBag"
                or "System.Collections.ObjectModel.Collection" or "System.Collections.ObjectModel.ObservableCollection" or "System.Collections.ObjectModel.ReadOnlyCollection":
                return "static items => new(items)";
            case "System.Collections.Immutable.ImmutableStack":
                return $"static items => {Collections}Immutable.ImmutableStack.CreateRange(global::System.Linq.Enumerable.Reverse(items))";
            case "System.Collections.Immutable.ImmutableArray" or "System.Collections.Immutable.ImmutableList" or "System.Collections.Immutable.ImmutableQueue" or "System.Collections.Immutable.ImmutableSortedSet":
                return $"static items => global::{bare}.CreateRange(items)";
            case "System.Collections.Immutable.IImmutableList":
                return $"static items => {Collections}Immutable.ImmutableList.CreateRange(items)";
            default:
                return CanBeFilled(type, "System.Collections.Generic.ICollection")
                    ? $"static items => {{ var made = new {RootTypes.Show(type)}(); foreach (var each in items) ((global::System.Collections.Generic.ICollection<{RootTypes.Show(item)}>)made).Add(each); return made; }}"
                    : "null";
        }
    }

    public static string Dictionary(INamedTypeSymbol type, INamedTypeSymbol dictionary)
    {
        switch (Known.Bare(type))
        {
            case "System.Collections.Generic.Dictionary" or "System.Collections.Generic.IDictionary" or "System.Collections.Generic.IReadOnlyDictionary":
                return "static entries => entries";
            case "System.Collections.Generic.SortedDictionary" or "System.Collections.Generic.SortedList" or "System.Collections.ObjectModel.ReadOnlyDictionary":
                return "static entries => new(entries)";
            case "System.Collections.Generic.OrderedDictionary" or "System.Collections.Concurrent.ConcurrentDictionary":
                return "static entries => new(entries, entries.Comparer)";
            case "System.Collections.Frozen.FrozenDictionary":
                return $"static entries => {Collections}Frozen.FrozenDictionary.ToFrozenDictionary(entries, entries.Comparer)";
            case "System.Collections.Immutable.ImmutableDictionary" or "System.Collections.Immutable.IImmutableDictionary":
                return $"static entries => {Collections}Immutable.ImmutableDictionary.ToImmutableDictionary(entries, entries.Comparer)";
            case "System.Collections.Immutable.ImmutableSortedDictionary":
                return $"static entries => {Collections}Immutable.ImmutableSortedDictionary.ToImmutableSortedDictionary(entries)";
            default:
                string entry = $"global::System.Collections.Generic.IDictionary<{RootTypes.Show(dictionary.TypeArguments[0])}, {RootTypes.Show(dictionary.TypeArguments[1])}>";
                return CanBeFilled(type, "System.Collections.Generic.IDictionary")
                    ? $"static entries => {{ var made = new {RootTypes.Show(type)}(); foreach (var each in entries) (({entry})made).Add(each.Key, each.Value); return made; }}"
                    : "null";
        }
    }

    private static bool CanBeFilled(INamedTypeSymbol type, string genericInterface) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: false } && Implemented(type, genericInterface) is not null
        && type.InstanceConstructors.Any(static constructor => constructor is { Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public });
}
