using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Gaw.Serialization.Shapes;

/// <summary>Finds the members of a type that can be read: public properties and fields, and non-public ones with <see cref="JsonIncludeAttribute"/>.</summary>
internal static class MemberSources
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>
    /// The members, those of base classes first, as their constructors set them first. A hidden member gives way to the one that hides it, unless
    /// both keep a value of their own.
    /// </summary>
    public static List<MemberSource> Of(Type type)
    {
        List<MemberSource> found = new List<MemberSource>();
        foreach (Type level in Levels(type))
        {
            foreach (PropertyInfo property in level.GetProperties(Declared).Where(static property => property.GetIndexParameters().Length == 0))
            {
                Enter(found, property);
            }

            foreach (FieldInfo field in level.GetFields(Declared).Where(static field => field.IsPublic || IsIncluded(field)))
            {
                Replace(found, hidden: found.FindLast(known => known.Name == field.Name), new MemberSource { Info = field, Type = field.FieldType, Storage = field });
            }
        }

        return found;
    }

    /// <summary>A class and those it derives from, the outermost first.</summary>
    public static IEnumerable<Type> Levels(Type type)
    {
        Stack<Type> levels = new Stack<Type>();
        for (Type? level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            levels.Push(level);
        }

        return levels;
    }

    /// <summary>Whether a member stays at home because its class says so.</summary>
    public static bool IsIgnored(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always } || member.IsDefined(typeof(IgnoreDataMemberAttribute), inherit: true);

    private static bool IsIncluded(MemberInfo member) => member.GetCustomAttribute<JsonIncludeAttribute>() is not null;

    private static void Enter(List<MemberSource> found, PropertyInfo property)
    {
        MethodInfo accessor = property.GetMethod ?? property.SetMethod!;

        // An override that returns a more derived type has a slot of its own, and a mark.
        bool overrides = accessor.GetBaseDefinition().DeclaringType != accessor.DeclaringType || accessor.IsDefined(typeof(PreserveBaseOverridesAttribute), inherit: false);
        MemberSource? known = found.FindLast(each => each.Name == property.Name);
        MemberSource? overridden = overrides ? known : null;
        bool isIncluded = IsIncluded(property);
        MethodInfo? getter = property.GetMethod ?? overridden?.Getter;
        MethodInfo? setter = property.SetMethod ?? overridden?.Setter;
        if (getter is null || !(getter.IsPublic || isIncluded) || getter.ReturnType.IsByRef || getter.ReturnType.IsByRefLike)
        {
            return;
        }

        bool maySet = setter is not null && (setter.IsPublic || isIncluded);
        MemberSource source = new MemberSource
        {
            Info = property,
            Type = property.PropertyType,
            Getter = getter,
            Setter = maySet ? setter : null,
            HasClosedSetter = setter is not null ? !maySet : overridden?.HasClosedSetter ?? false,
            Storage = BackingFields.Of(property, getter) ?? (property.GetMethod is null ? overridden?.Storage : null),
        };
        if (overridden is not null)
        {
            found.Remove(overridden);
            found.Add(source);
        }
        else
        {
            Replace(found, known, source);
        }
    }

    private static void Replace(List<MemberSource> found, MemberSource? hidden, MemberSource source)
    {
        if (hidden is not null && !(hidden.Storage is not null && source.Storage is not null && !IsIgnored(hidden.Info)))
        {
            found.Remove(hidden);
        }

        found.Add(source);
    }
}
