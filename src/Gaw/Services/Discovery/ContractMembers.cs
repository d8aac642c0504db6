using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Gaw.Services.Discovery;

/// <summary>
/// The definition of a service interface's members, for the server that serves them and the client that calls them. The source generator's twin is
/// <c>Gaw.Generators.ContractMembers</c>; a test holds both to one table.
/// </summary>
internal static class ContractMembers
{
    private const BindingFlags AllMembers = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

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

    /// <summary>The calls of an interface and of those it derives from, each once, the interface's own first.</summary>
    /// <param name="contract">The interface.</param>
    /// <param name="problems">Gets a sentence for each member that cannot be called.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The caller keeps all members of the interface, and with them those of the interfaces it derives from.")]
    public static IReadOnlyList<MethodInfo> Find([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type contract, ICollection<string> problems)
    {
        List<MethodInfo> calls = [];
        foreach (Type declaring in contract.GetInterfaces().Prepend(contract))
        {
            if (declaring == typeof(IDisposable) || declaring == typeof(IAsyncDisposable))
            {
                problems.Add($"it derives from {declaring.Name}, but there is nothing to dispose of; the client is disposed instead");
                continue;
            }

            foreach (MemberInfo member in declaring.GetMembers(AllMembers))
            {
                Kind kind = Classify(member);
                if (kind is Kind.Call)
                {
                    calls.Add((MethodInfo)member);
                }
                else if (Problem(kind, member.Name) is { } problem)
                {
                    problems.Add(problem);
                }
            }
        }

        return calls;
    }

    /// <summary>The kind of a member.</summary>
    public static Kind Classify(MemberInfo member) => member switch
    {
        // An accessor is spoken of as its property or event; an operator has a special name too.
        MethodInfo { IsSpecialName: true } accessor when !accessor.Name.StartsWith("op_", StringComparison.Ordinal) => Kind.Own,
        MethodInfo method => Classify(method),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsOpen) ? property.GetIndexParameters().Length > 0 ? Kind.Indexer : Kind.Property : Kind.Own,
        EventInfo { AddMethod: { } add } => IsOpen(add) ? Kind.Event : Kind.Own,
        _ => Kind.Own,
    };

    private static bool IsOpen(MethodInfo accessor) => Classify(accessor) is not Kind.Own;

    private static Kind Classify(MethodInfo method) => method switch
    {
        // A private member is no part of the contract; an abstract one takes away the body of a base's.
        { IsPrivate: true } => Kind.Own,
        { IsStatic: true } => method.IsAbstract ? Kind.StaticAbstract : Kind.Own,
        { IsAbstract: true } => method.IsPublic ? Kind.Call : Kind.NotPublic,
        { IsVirtual: true, IsFinal: false, IsPublic: true } => Kind.Call,
        _ => Kind.Own,
    };

    private static string? Problem(Kind kind, string member) => kind switch
    {
        Kind.NotPublic => $"{member} is not public",
        Kind.StaticAbstract => $"{member} is static and abstract; only an instance can be called",
        Kind.Property => $"{member} is a property; write it as a method",
        Kind.Indexer => "it has an indexer; write it as a method",
        Kind.Event => $"{member} is an event; a server cannot call back",
        _ => null,
    };
}
