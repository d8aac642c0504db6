using System.Reflection;

namespace Gaw.Serialization.Shapes;

/// <summary>One member of a type that travels as an object.</summary>
internal sealed record ObjectMember
{
    /// <summary>Its name on the wire.</summary>
    public required string WireName { get; init; }

    /// <summary>The type it is read as.</summary>
    public required Type Type { get; init; }

    /// <summary>The property or field it is written from, and set through where no constructor takes it.</summary>
    public required MemberSource Source { get; init; }

    /// <summary>The constructor parameter it is given to; <see langword="null"/> where it is given back after construction.</summary>
    public ParameterInfo? Parameter { get; init; }

    /// <summary>Whether the value that exists after construction is filled, since there is no setter.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>The field that is filled in place of the property's value, where that is a read-only view, for example.</summary>
    public FieldInfo? InPlaceField { get; init; }

    /// <summary>Whether it must be present: a parameter without a default value, a member that is <c>required</c> or has <c>[JsonRequired]</c>.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Other names it is known by: those of C#.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The type it is written as.</summary>
    public Type SourceType => Source.Type;
}
