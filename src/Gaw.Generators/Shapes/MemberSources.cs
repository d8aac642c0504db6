using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Shapes;

/// <summary>Finds the members of a type that can be read: public properties and fields, and non-public ones with <c>[JsonInclude]</c>.</summary>
internal static class MemberSources
{
    /// <summary>The members, those of base classes first; one that is overridden or hidden gives way.</summary>
    public static List<MemberSource> Of(INamedTypeSymbol type)
    {
        List<MemberSource> found = [];
        foreach (INamedTypeSymbol level in Levels(type))
        {
            foreach (ISymbol member in level.GetMembers().Where(static member => member is { IsStatic: false, IsImplicitlyDeclared: false } || member is IPropertySymbol { IsStatic: false }))
            {
                switch (member)
                {
                    case IPropertySymbol { IsIndexer: false, ExplicitInterfaceImplementations.IsEmpty: true } property:
                        Enter(found, property);
                        break;
                    case IFieldSymbol { AssociatedSymbol: null } variable when variable.DeclaredAccessibility is Accessibility.Public || TypeParts.IsIncluded(variable):
                        Replace(found, found.FindLast(known => known.Name == variable.Name), new MemberSource(variable, variable.Type) { IsSettable = !variable.IsReadOnly, Storage = variable.OriginalDefinition });
                        break;
                    default:
                        break;
                }
            }
        }

        return found;
    }

    /// <summary>A class and those it derives from, the outermost first.</summary>
    public static IEnumerable<INamedTypeSymbol> Levels(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> levels = new();
        for (INamedTypeSymbol? level = type; level is { SpecialType: SpecialType.None }; level = level.BaseType)
        {
            levels.Push(level);
        }

        return levels;
    }

    private static void Enter(List<MemberSource> found, IPropertySymbol property)
    {
        MemberSource? known = found.FindLast(each => each.Name == property.Name);
        MemberSource? overridden = property.IsOverride ? known : null;
        bool isIncluded = TypeParts.IsIncluded(property);
        (IMethodSymbol? getter, IMethodSymbol? setter) = Accessors(property);
        if (getter is null || !(getter.DeclaredAccessibility is Accessibility.Public || isIncluded) || property.RefKind is not RefKind.None || property.Type.IsRefLikeType)
        {
            return;
        }

        bool maySet = setter is not null && (setter.DeclaredAccessibility is Accessibility.Public || isIncluded);
        MemberSource source = new(property, property.Type)
        {
            IsSettable = maySet,
            HasClosedSetter = setter is not null ? !maySet : overridden?.HasClosedSetter ?? false,
            Storage = property.GetMethod is null ? overridden?.Storage : BackingFields.Of(property),
        };
        if (overridden is not null)
        {
            found.Remove(overridden);
            found.Add(source);
        }
        else
        {
            Replace(found, known, source);
        }
    }

    /// <summary>The accessors of a property; those that an override does not have are its base's.</summary>
    private static (IMethodSymbol? Getter, IMethodSymbol? Setter) Accessors(IPropertySymbol property)
    {
        (IMethodSymbol? getter, IMethodSymbol? setter) = (null, null);
        for (IPropertySymbol? each = property; each is not null; each = each.OverriddenProperty)
        {
            getter ??= each.GetMethod;
            setter ??= each.SetMethod;
        }

        return (getter, setter);
    }

    private static void Replace(List<MemberSource> found, MemberSource? hidden, MemberSource source)
    {
        if (hidden is not null && !(hidden.Storage is not null && source.Storage is not null && !TypeParts.IsIgnored(hidden.Symbol)))
        {
            found.Remove(hidden);
        }

        found.Add(source);
    }
}
