using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gaw.Generators.Shapes;

/// <summary>Finds where a property keeps its value: in the field of an auto-property, or in one that its getter does nothing but return.</summary>
internal static class BackingFields
{
    /// <summary>The field, or the parameter of a primary constructor that is kept in one; <see langword="null"/> for a computed property, and where the code cannot be seen.</summary>
    public static ISymbol? Of(IPropertySymbol property)
    {
        property = property.OriginalDefinition;
        return property.ContainingType.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(each => SymbolEqualityComparer.Default.Equals(each.AssociatedSymbol, property))
            ?? property.DeclaringSyntaxReferences.Select(static reference => Returned(reference.GetSyntax())).Where(static name => name is not null)
                .Select(name => Named(property.ContainingType, name!)).FirstOrDefault();
    }

    /// <summary>The field that by its name belongs to a property: <c>_lines</c>, <c>lines</c>, <c>_Lines</c>, <c>m_lines</c> or <c>m_Lines</c> for <c>Lines</c>.</summary>
    public static IFieldSymbol? ByConvention(IPropertySymbol property)
    {
        string name = property.Name;
        string camel = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return new[] { "_" + camel, camel, "_" + name, "m_" + camel, "m_" + name }
            .SelectMany(candidate => property.ContainingType.GetMembers(candidate)).OfType<IFieldSymbol>()
            .FirstOrDefault(static each => each is { IsStatic: false } && each.DeclaredAccessibility is not Accessibility.Public);
    }

    /// <summary>The name of a field that a getter returns: <c>=> _a</c>, <c>get => this._a</c>, <c>get { return _a; }</c>.</summary>
    private static string? Returned(SyntaxNode declaration)
    {
        if (declaration is not PropertyDeclarationSyntax property)
        {
            return null;
        }

        AccessorDeclarationSyntax? getter = property.AccessorList?.Accessors.FirstOrDefault(static accessor => accessor.Keyword.ValueText == "get");
        ExpressionSyntax? returned = property.ExpressionBody?.Expression ?? getter?.ExpressionBody?.Expression
            ?? (getter?.Body is { Statements.Count: 1 } body && body.Statements[0] is ReturnStatementSyntax { Expression: { } expression } ? expression : null);
        return returned switch
        {
            IdentifierNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
            _ => null,
        };
    }

    private static ISymbol? Named(INamedTypeSymbol type, string name) =>
        (ISymbol?)type.GetMembers(name).OfType<IFieldSymbol>().FirstOrDefault(static each => each is { IsStatic: false, IsConst: false })
        ?? (type.GetMembers(name).IsEmpty && !type.IsRecord
            ? type.InstanceConstructors.Where(static each => each.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax))
                .SelectMany(static each => each.Parameters).FirstOrDefault(parameter => parameter.Name == name)
            : null);
}
