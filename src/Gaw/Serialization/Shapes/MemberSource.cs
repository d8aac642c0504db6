using System.Reflection;

namespace Gaw.Serialization.Shapes;

/// <summary>A readable member of a type, with the ways that lead to and from its value. Those of overridden properties come from the whole chain of base classes.</summary>
internal sealed record MemberSource
{
    /// <summary>The property or field, as the most derived class declares it.</summary>
    public required MemberInfo Info { get; init; }

    /// <summary>The type of its values.</summary>
    public required Type Type { get; init; }

    /// <summary>The getter of a property.</summary>
    public MethodInfo? Getter { get; init; }

    /// <summary>The setter that may be used: a public one, or one of a member with <c>[JsonInclude]</c>.</summary>
    public MethodInfo? Setter { get; init; }

    /// <summary>The field itself, or the one in which the property keeps its value; <see langword="null"/> for a computed property.</summary>
    public FieldInfo? Storage { get; init; }

    /// <summary>Whether the property has a setter that may not be used.</summary>
    public bool HasClosedSetter { get; init; }

    /// <summary>Whether it is a field.</summary>
    public bool IsField => Info is FieldInfo;

    /// <summary>Whether its value can be set after construction.</summary>
    public bool IsSettable => Setter is not null || Info is FieldInfo { IsInitOnly: false };

    /// <summary>Whether it keeps a value, and does not only compute one.</summary>
    public bool IsState => IsSettable || HasClosedSetter || Storage is not null;

    /// <summary>The name in C#.</summary>
    public string Name => Info.Name;

    /// <summary>Its value in an instance.</summary>
    public object? Get(object owner) =>
        Getter is not null ? Getter.Invoke(owner, BindingFlags.DoNotWrapExceptions, null, null, null) : ((FieldInfo)Info).GetValue(owner);

    /// <summary>Sets its value in an instance.</summary>
    public void Set(object owner, object? value)
    {
        if (Setter is not null)
        {
            Setter.Invoke(owner, BindingFlags.DoNotWrapExceptions, null, [value], null);
        }
        else
        {
            ((FieldInfo)Info).SetValue(owner, value);
        }
    }
}
