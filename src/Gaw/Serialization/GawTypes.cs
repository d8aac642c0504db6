using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Gaw.Serialization;
using Gaw.Serialization.Types;

namespace Gaw;

/// <summary>
/// The types that may be made of values from the wire, by their names there. Types marked <see cref="GawSerializableAttribute"/> that appear in
/// the signatures of entrypoints and typed clients are known without being added; add those that appear nowhere, such as subclasses. No name
/// from the wire ever leads to a type that is not known in one of these two ways. Complete it before the first server or client uses it.
/// </summary>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple overloads with optional parameters", Justification = "The overloads are told apart by their first parameter, and came together.")]
public sealed class GawTypes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Type> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, string> _byType = [];
    private bool _inUse;

    /// <summary>
    /// What becomes of members that came and that a type does not have. Default: <see cref="UnknownMembers.Default"/>: refused in arguments, ignored in
    /// results. <see cref="GawSerializableAttribute.UnknownMembers"/> of a type goes before it.
    /// </summary>
    public UnknownMembers UnknownMembers { get; init; }

    /// <summary>Adds a type.</summary>
    /// <typeparam name="T">A record, class or struct.</typeparam>
    /// <param name="name">Its name on the wire. Default: the one of its <see cref="GawSerializableAttribute"/>, else the type's own.</param>
    /// <returns>This instance.</returns>
    /// <exception cref="ArgumentException">The name is taken by another type or by the protocol, or the type is not one that travels as an object.</exception>
    /// <exception cref="InvalidOperationException">A server or client uses this instance already.</exception>
    public GawTypes Add<[DynamicallyAccessedMembers(GeneratedConverters.Members)] T>(string? name = null)
    {
        AddType(typeof(T), name);
        GeneratedConverters.AddObject<T>();
        return this;
    }

    /// <summary>Adds a type.</summary>
    /// <param name="type">A record, class or struct.</param>
    /// <param name="name">Its name on the wire. Default: the one of its <see cref="GawSerializableAttribute"/>, else the type's own.</param>
    /// <returns>This instance.</returns>
    /// <exception cref="ArgumentException">The name is taken by another type or by the protocol, or the type is not one that travels as an object.</exception>
    /// <exception cref="InvalidOperationException">A server or client uses this instance already.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public GawTypes Add(Type type, string? name = null)
    {
        AddType(type, name);
        return this;
    }

    /// <summary>Closes the list and copies it.</summary>
    internal void CopyTo(IDictionary<string, Type> byName, IDictionary<Type, string> byType)
    {
        lock (_lock)
        {
            _inUse = true;
            foreach ((string name, Type type) in _byName)
            {
                WireTypeNames.Register(type, name, byName, byType);
            }
        }
    }

    private void AddType(Type type, string? name)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.IsAbstract || type.IsEnum || type.IsPrimitive || type.ContainsGenericParameters || type.IsArray)
        {
            throw new ArgumentException($"{TypeNames.Friendly(type)} cannot be made of members; add a record, class or struct that is not abstract.", nameof(type));
        }

        if (typeof(IEnumerable).IsAssignableFrom(type))
        {
            throw new ArgumentException($"{TypeNames.Friendly(type)} is a collection, which travels as its items and cannot have a name on the wire. Add the type of the items, or a type with a member for them.", nameof(type));
        }

        string wireName = name ?? WireTypeNames.Of(type) ?? TypeNames.Bare(type);
        lock (_lock)
        {
            if (_inUse)
            {
                throw new InvalidOperationException($"{TypeNames.Friendly(type)} comes too late: a server or client uses these types already. Add all types before.");
            }

            WireTypeNames.Register(type, wireName, _byName, _byType);
        }
    }
}
