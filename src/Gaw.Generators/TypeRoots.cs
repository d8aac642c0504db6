using System.Text;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>
/// Writes what keeps the types of the signatures, and the converters of their values, in a program that is compiled ahead of time: a call for
/// each type that travels, the types of members included.
/// </summary>
internal sealed class TypeRoots
{
    private const string Collections = "global::System.Collections.";

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private const int MostSteps = 4;

    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ITypeSymbol> _values = new(SymbolEqualityComparer.Default);
    private readonly Queue<ITypeSymbol> _waiting = new();
    private readonly StringBuilder _text = new();
    private bool _isVisiting;
    private int _deepest;

    /// <summary>The statements of a module's initializer.</summary>
    public static string Write(IReadOnlyList<IMethodSymbol> methods)
    {
        TypeRoots roots = new();
        foreach (IMethodSymbol method in methods)
        {
            if (!method.ReturnsVoid)
            {
                roots.VisitValue(Known.Unwrapped(method.ReturnType));
            }

            foreach (IParameterSymbol parameter in method.Parameters.Where(static parameter => !Known.IsSupplied(parameter)))
            {
                roots.VisitValue(parameter is { IsParams: true, Type: IArrayTypeSymbol array } ? array.ElementType : parameter.Type);
                roots.Visit(parameter.Type);
            }
        }

        return roots._text.Length == 0
            ? ""
            : $"            if (!global::System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported)\n            {{\n{roots._text}            }}\n\n";
    }

    /// <summary>A parameter or a result, which needs more than a converter where it is served.</summary>
    private void VisitValue(ITypeSymbol type)
    {
        Visit(type);
        if (Known.Bare(type) is not ("System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask") && _values.Add(type.WithNullableAnnotation(NullableAnnotation.None)))
        {
            Add("Value", "", type);
        }
    }

    /// <summary>Visits a type and what it leads to. The types wait in a list: a chain of them may be longer than the stack.</summary>
    private void Visit(ITypeSymbol type)
    {
        _waiting.Enqueue(type);
        if (_isVisiting)
        {
            return;
        }

        _isVisiting = true;
        _deepest = Depth(type) + MostSteps;
        while (_waiting.Count > 0)
        {
            // What grows without end is refused where it travels; a computed member may do so all the same, and is not followed far.
            ITypeSymbol next = _waiting.Dequeue();
            if (Depth(next) <= _deepest || EndlessTypes.Find(next, all: true) is null)
            {
                VisitOne(next);
            }
        }

        _isVisiting = false;
    }

    /// <summary>How deep the type arguments are nested.</summary>
    private static int Depth(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => 1 + Depth(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Select(static argument => 1 + Depth(argument)).Concat(named.ContainingType is { } outer ? [Depth(outer)] : []).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private void VisitOne(ITypeSymbol type)
    {
        type = type.WithNullableAnnotation(NullableAnnotation.None);
        if (type.TypeKind is TypeKind.Dynamic or TypeKind.Delegate or TypeKind.Pointer || type.IsRefLikeType || !_seen.Add(type))
        {
            return;
        }

        switch (type)
        {
            case IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: not SpecialType.System_Byte } array:
                Visit(array.ElementType);
                Add("Sequence", "static items => items.ToArray()", array, array.ElementType);
                break;
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable:
                Visit(nullable.TypeArguments[0]);
                Add("Nullable", "", nullable.TypeArguments[0]);
                break;
            case INamedTypeSymbol { TypeKind: TypeKind.Enum }:
                Add("Enum", "", type);
                break;
            case INamedTypeSymbol named when Known.Attribute(named, Known.SerializableAttribute) is not null:
                VisitObject(named);
                break;
            case INamedTypeSymbol named when named.IsTupleType || Known.Bare(named) == "System.Tuple":
                foreach (ITypeSymbol item in named.TupleUnderlyingType?.TypeArguments ?? named.TypeArguments)
                {
                    Visit(item);
                }

                Add("Tuple", "", named);
                break;
            case INamedTypeSymbol { SpecialType: SpecialType.None } named:
                VisitNamed(named);
                break;
            default:
                break;
        }
    }

    private void VisitNamed(INamedTypeSymbol type)
    {
        if ((Implemented(type, "System.Collections.Generic.IDictionary") ?? Implemented(type, "System.Collections.Generic.IReadOnlyDictionary")) is { } dictionary)
        {
            Visit(dictionary.TypeArguments[0]);
            Visit(dictionary.TypeArguments[1]);
            Add("Dictionary", DictionaryMaker(type, dictionary), type, dictionary.TypeArguments[0], dictionary.TypeArguments[1]);
        }
        else if (Implemented(type, "System.Collections.Generic.IEnumerable") is { } sequence)
        {
            ITypeSymbol item = sequence.TypeArguments[0];
            Visit(item);
            if (SetMaker(type) is { } maker)
            {
                Add("Set", maker, type, item);
            }
            else
            {
                Add("Sequence", SequenceMaker(type, item), type, item);
            }
        }
        else if (Known.Bare(type) is var name && name != "Gaw.GawObject" && (name == "System.Collections.Generic.KeyValuePair" || !IsOfTheFramework(type)))
        {
            VisitObject(type);
        }
    }

    private void VisitObject(INamedTypeSymbol type)
    {
        Add(type.IsAbstract ? "Abstract" : "Composite", "", type);
        for (INamedTypeSymbol? each = type; each is { SpecialType: SpecialType.None }; each = each.BaseType)
        {
            foreach (ISymbol member in each.GetMembers())
            {
                switch (member)
                {
                    case IPropertySymbol { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public } property:
                        Visit(property.Type);
                        break;
                    case IFieldSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Public } variable:
                        Visit(variable.Type);
                        break;
                    case IMethodSymbol { MethodKind: MethodKind.Constructor, DeclaredAccessibility: Accessibility.Public } constructor when SymbolEqualityComparer.Default.Equals(each, type):
                        foreach (IParameterSymbol parameter in constructor.Parameters.Where(parameter => !SymbolEqualityComparer.Default.Equals(parameter.Type, type)))
                        {
                            Visit(parameter.Type);
                        }

                        break;
                    default:
                        break;
                }
            }
        }
    }

    private static bool IsOfTheFramework(ITypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space && space.ToDisplayString() is var name
        && (name is "System" or "Microsoft" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    private static INamedTypeSymbol? Implemented(INamedTypeSymbol type, string genericInterface) =>
        new[] { type }.Concat(type.AllInterfaces).FirstOrDefault(each => each.IsGenericType && Known.Bare(each) == genericInterface);

    private static string? SetMaker(INamedTypeSymbol type) => Known.Bare(type) switch
    {
        "System.Collections.Generic.HashSet" or "System.Collections.Generic.ISet" or "System.Collections.Generic.IReadOnlySet" => "static items => items",
        "System.Collections.Frozen.FrozenSet" => $"static items => {Collections}Frozen.FrozenSet.ToFrozenSet(items, items.Comparer)",
        "System.Collections.Immutable.ImmutableHashSet" or "System.Collections.Immutable.IImmutableSet" => $"static items => {Collections}Immutable.ImmutableHashSet.ToImmutableHashSet(items, items.Comparer)",
        _ => null,
    };

    private static string SequenceMaker(INamedTypeSymbol type, ITypeSymbol item)
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
                    ? $"static items => {{ var made = new {Show(type)}(); foreach (var each in items) ((global::System.Collections.Generic.ICollection<{Show(item)}>)made).Add(each); return made; }}"
                    : "null";
        }
    }

    private static string DictionaryMaker(INamedTypeSymbol type, INamedTypeSymbol dictionary)
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
                string entry = $"global::System.Collections.Generic.IDictionary<{Show(dictionary.TypeArguments[0])}, {Show(dictionary.TypeArguments[1])}>";
                return CanBeFilled(type, "System.Collections.Generic.IDictionary")
                    ? $"static entries => {{ var made = new {Show(type)}(); foreach (var each in entries) (({entry})made).Add(each.Key, each.Value); return made; }}"
                    : "null";
        }
    }

    private static bool CanBeFilled(INamedTypeSymbol type, string genericInterface) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: false } && Implemented(type, genericInterface) is not null
        && type.InstanceConstructors.Any(static constructor => constructor is { Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public });

    private static string Show(ITypeSymbol type) => type.TypeKind is TypeKind.Dynamic ? "object" : type.ToDisplayString(TypeFormat);

    private void Add(string method, string argument, params ITypeSymbol[] types) =>
        _text.Append($"                global::Gaw.Proxies.GeneratedTypes.{method}<{string.Join(", ", types.Select(Show))}>({argument});\n");
}
