using System.Reflection;

namespace Gaw.Serialization;

/// <summary>One member of a type that travels as an object.</summary>
internal sealed record ObjectMember
{
    /// <summary>Its name on the wire.</summary>
    public required string WireName { get; init; }

    /// <summary>The type it is read as.</summary>
    public required Type Type { get; init; }

    /// <summary>The property or field it is written from; <see langword="null"/> for a constructor parameter without one: it is only received.</summary>
    public MemberInfo? Source { get; init; }

    /// <summary>The constructor parameter it is given to; <see langword="null"/> where it is set after construction.</summary>
    public ParameterInfo? Parameter { get; init; }

    /// <summary>Whether it must be present: a parameter without a default value, a <c>required</c> member.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Other names it is known by: those of C#.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The type it is written as.</summary>
    public Type SourceType => Source switch
    {
        PropertyInfo property => property.PropertyType,
        FieldInfo variable => variable.FieldType,
        _ => Type,
    };
}
