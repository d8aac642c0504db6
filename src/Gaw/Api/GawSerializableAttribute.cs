namespace Gaw;

/// <summary>
/// The values of this record, class or struct travel as typed objects: <c>{"_v": {members}, "_t": "name"}</c>. Members are named in snake_case,
/// unless <see cref="System.Text.Json.Serialization.JsonPropertyNameAttribute"/> says otherwise, and made again through the constructor whose
/// parameters match them. Not inherited: each class that travels is marked itself.
/// </summary>
/// <param name="name">The name on the wire, the class name of a Python peer. Default: the type's own name.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class GawSerializableAttribute(string? name = null) : Attribute
{
    /// <summary>The name on the wire; <see langword="null"/> stands for the type's own name.</summary>
    public string? Name { get; } = name;

    /// <summary>What becomes of members that came and that this type does not have. Default: what <see cref="GawTypes.UnknownMembers"/> says.</summary>
    public UnknownMembers UnknownMembers { get; init; }
}
