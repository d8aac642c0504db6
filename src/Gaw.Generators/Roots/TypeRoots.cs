using System.Text;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Roots;

/// <summary>
/// Writes what keeps the types that travel, and the converters of their values, in a program that is trimmed or compiled ahead of time: for each type,
/// those of members included, a call that enters its converter, and for those that travel member by member an attribute that keeps the members. The
/// attribute stands under no condition: a trimmer that takes a condition for constant drops the calls behind it.
/// </summary>
internal sealed class TypeRoots
{
    private const int MostSteps = 4;

    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ITypeSymbol> _values = new(SymbolEqualityComparer.Default);
    private readonly Queue<ITypeSymbol> _waiting = new();
    private readonly StringBuilder _text = new();
    private readonly SortedSet<string> _kept = new(StringComparer.Ordinal);
    private readonly Compilation _compilation;
    private bool _isVisiting;
    private int _deepest;

    private TypeRoots(Compilation compilation) => _compilation = compilation;

    /// <summary>What keeps the types of parameters and results.</summary>
    public static RootCode OfSignatures(IEnumerable<IMethodSymbol> methods, Compilation compilation)
    {
        TypeRoots roots = new(compilation);
        foreach (IMethodSymbol method in methods)
        {
            if (!method.ReturnsVoid)
            {
                roots.VisitValue(Known.Unwrapped(method.ReturnType));
            }

            if (method.Parameters.FirstOrDefault(Known.IsProgress) is { } progress)
            {
                roots.VisitValue(Known.Travelling(progress));
            }

            foreach (IParameterSymbol parameter in method.Parameters.Where(static parameter => !Known.IsSupplied(parameter)))
            {
                ITypeSymbol type = Known.Travelling(parameter);
                roots.VisitValue(parameter is { IsParams: true, Type: IArrayTypeSymbol array } ? array.ElementType : type);
                roots.Visit(type);
            }
        }

        return roots.Written();
    }

    /// <summary>What keeps a type that is marked, whether or not a signature names it.</summary>
    public static RootCode OfMarked(INamedTypeSymbol type, Compilation compilation)
    {
        TypeRoots roots = new(compilation);
        roots.VisitValue(type);
        return roots.Written();
    }

    private RootCode Written() => new(string.Concat(_kept), _text.ToString());

    /// <summary>A parameter or a result, which needs more than a converter where it is served.</summary>
    private void VisitValue(ITypeSymbol type)
    {
        Visit(type);
        if (RootTypes.CanBeNamed(type, _compilation) && !Known.IsTask(type) && _values.Add(type.WithNullableAnnotation(NullableAnnotation.None)))
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
        _deepest = RootTypes.Depth(type) + MostSteps;
        while (_waiting.Count > 0)
        {
            // What grows without end is refused where it travels; a computed member may do so all the same, and is not followed far.
            ITypeSymbol next = _waiting.Dequeue();
            if (RootTypes.Depth(next) <= _deepest || EndlessTypes.Find(next, all: true) is null)
            {
                VisitOne(next);
            }
        }

        _isVisiting = false;
    }

    private void VisitOne(ITypeSymbol type)
    {
        type = type.WithNullableAnnotation(NullableAnnotation.None);
        if (type.TypeKind is TypeKind.Dynamic or TypeKind.Delegate or TypeKind.Pointer || type.IsRefLikeType || !RootTypes.CanBeNamed(type, _compilation) || !_seen.Add(type))
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
        if ((CollectionMakers.Implemented(type, "System.Collections.Generic.IDictionary") ?? CollectionMakers.Implemented(type, "System.Collections.Generic.IReadOnlyDictionary")) is { } dictionary)
        {
            Keep(type);
            Visit(dictionary.TypeArguments[0]);
            Visit(dictionary.TypeArguments[1]);
            Add("Dictionary", CollectionMakers.Dictionary(type, dictionary), type, dictionary.TypeArguments[0], dictionary.TypeArguments[1]);
        }
        else if (CollectionMakers.Implemented(type, "System.Collections.Generic.IEnumerable") is { } sequence)
        {
            ITypeSymbol item = sequence.TypeArguments[0];
            Keep(type);
            Visit(item);
            if (CollectionMakers.Set(type) is { } maker)
            {
                Add("Set", maker, type, item);
            }
            else
            {
                Add("Sequence", CollectionMakers.Sequence(type, item), type, item);
            }
        }
        else if (Known.Bare(type) is var name && name != "Gaw.GawObject" && (name == "System.Collections.Generic.KeyValuePair" || !TypeParts.IsOfTheFramework(type)))
        {
            VisitObject(type);
        }
    }

    private void VisitObject(INamedTypeSymbol type)
    {
        Add(type.IsAbstract ? "Abstract" : "Composite", "", type);
        Keep(type);
        for (INamedTypeSymbol? each = type; each is { SpecialType: SpecialType.None }; each = each.BaseType)
        {
            foreach (ISymbol member in each.GetMembers())
            {
                switch (member)
                {
                    case IPropertySymbol { IsStatic: false, IsIndexer: false } property when RootTypes.IsMember(property):
                        Visit(property.Type);
                        break;
                    case IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false } variable when RootTypes.IsMember(variable):
                        Visit(variable.Type);
                        break;
                    case IMethodSymbol { MethodKind: MethodKind.Constructor } constructor when SymbolEqualityComparer.Default.Equals(each, type) && RootTypes.IsMember(constructor):
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

    /// <summary>Keeps the members of a type, of a generic one whatever its arguments are.</summary>
    private void Keep(INamedTypeSymbol type)
    {
        if (!TypeParts.IsOfTheFramework(type))
        {
            _kept.Add($"        [global::System.Diagnostics.CodeAnalysis.DynamicDependency(global::Gaw.Proxies.GeneratedTypes.Members, typeof({RootTypes.ShowUnbound(type)}))]\n");
        }
    }

    private void Add(string method, string argument, params ITypeSymbol[] types) =>
        _text.Append($"                global::Gaw.Proxies.GeneratedTypes.{method}<{string.Join(", ", types.Select(RootTypes.Show))}>({argument});\n");
}
