using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Shapes;

/// <summary>A readable member of a type, with what is known of the ways that lead to its value: the twin of the library's <c>MemberSource</c>.</summary>
internal sealed record MemberSource(ISymbol Symbol, ITypeSymbol Type)
{
    /// <summary>Whether its value can be set after construction.</summary>
    public bool IsSettable { get; init; }

    /// <summary>Whether the property has a setter that may not be used.</summary>
    public bool HasClosedSetter { get; init; }

    /// <summary>The field itself, or the one in which the property keeps its value; <see langword="null"/> for a computed property.</summary>
    public ISymbol? Storage { get; init; }

    /// <summary>The name in C#.</summary>
    public string Name => Symbol.Name;

    /// <summary>Whether it keeps a value, and does not only compute one.</summary>
    public bool IsState => IsSettable || HasClosedSetter || Storage is not null;
}
