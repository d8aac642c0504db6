using Microsoft.CodeAnalysis;

namespace Gaw.Generators;

/// <summary>The definition of a service interface's members: the twin of <c>Gaw.Services.ContractMembers</c>. A test holds both to one table.</summary>
internal static class ContractMembers
{
    /// <summary>The kinds of members that an interface declares.</summary>
    public enum Kind
    {
        /// <summary>A method of an instance that an implementation gives its body: a call.</summary>
        Call,

        /// <summary>Static, sealed, private or protected with a body, a constant, a nested type: the interface's own business, neither callable nor an error.</summary>
        Own,

        /// <summary>A method that an implementation has to have, though nobody outside may call it.</summary>
        NotPublic,

        /// <summary>Static and abstract: there is no instance to call it on.</summary>
        StaticAbstract,

        /// <summary>A property.</summary>
        Property,

        /// <summary>A property with parameters.</summary>
        Indexer,

        /// <summary>An event.</summary>
        Event,
    }

    /// <summary>What a member is.</summary>
    public static Kind Classify(ISymbol member) => member switch
    {
        // An accessor is spoken of as its property or event. What implements a base's member is no member of its own.
        IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.UserDefinedOperator or MethodKind.Conversion } method => OfMethod(method),
        IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: true } property => OfMethod(property) is Kind.Own ? Kind.Own : property.IsIndexer ? Kind.Indexer : Kind.Property,
        IEventSymbol { ExplicitInterfaceImplementations.IsEmpty: true } @event => OfMethod(@event) is Kind.Own ? Kind.Own : Kind.Event,
        _ => Kind.Own,
    };

    private static Kind OfMethod(ISymbol member) => member switch
    {
        { DeclaredAccessibility: Accessibility.Private } => Kind.Own,
        { IsStatic: true } => member.IsAbstract ? Kind.StaticAbstract : Kind.Own,
        { IsAbstract: true } => member.DeclaredAccessibility is Accessibility.Public ? Kind.Call : Kind.NotPublic,
        { IsVirtual: true, DeclaredAccessibility: Accessibility.Public } => Kind.Call,
        _ => Kind.Own,
    };
}
