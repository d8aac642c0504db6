using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using Gaw.Serialization.Marking;

namespace Gaw;

/// <summary>
/// An object of a class that is not known here: its name on the wire and its members. What a dynamic call returns for such an object, and what
/// a program without a class of its own can send. As <see langword="dynamic"/> its members are read by name. Sent on, it is what it was.
/// </summary>
public sealed class GawObject : DynamicObject
{
    private readonly Dictionary<string, object?> _members;

    /// <summary>Makes an object.</summary>
    /// <param name="typeName">The name on the wire: for a Python peer the name of its class.</param>
    /// <param name="members">The members by name, in the order in which they are sent. They are copied.</param>
    /// <exception cref="ArgumentException">The name is empty or one of the protocol's own.</exception>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only a program that uses dynamic binds its members, and that one compiles while it runs.")]
    public GawObject(string typeName, IEnumerable<KeyValuePair<string, object?>> members)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        if (Markers.IsBuiltIn(typeName))
        {
            throw new ArgumentException($"The name \"{typeName}\" belongs to the protocol.", nameof(typeName));
        }

        TypeName = typeName;
        _members = new Dictionary<string, object?>(members);
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only a program that uses dynamic binds its members, and that one compiles while it runs.")]
    private GawObject(Dictionary<string, object?> members, string typeName)
    {
        TypeName = typeName;
        _members = members;
    }

    /// <summary>The name on the wire.</summary>
    public string TypeName { get; }

    /// <summary>The members by name.</summary>
    public IReadOnlyDictionary<string, object?> Members => new ReadOnlyDictionary<string, object?>(_members);

    /// <summary>A member.</summary>
    /// <param name="name">Its name on the wire.</param>
    /// <exception cref="KeyNotFoundException">There is no such member.</exception>
    public object? this[string name] => _members.TryGetValue(name, out object? value)
        ? value
        : throw new KeyNotFoundException($"{TypeName} has no member \"{name}\"; it has {string.Join(", ", _members.Keys)}.");

    /// <inheritdoc/>
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        return _members.TryGetValue(binder.Name, out result);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> GetDynamicMemberNames() => _members.Keys;

    /// <summary>The name and the names of the members, not their values.</summary>
    public override string ToString() => $"{TypeName}({string.Join(", ", _members.Keys)})";

    /// <summary>Makes an object of members that belong to nobody else, under a name that is known to be a good one.</summary>
    internal static GawObject Of(string typeName, Dictionary<string, object?> members) => new(members, typeName);
}
