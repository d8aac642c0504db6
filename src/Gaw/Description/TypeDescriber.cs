using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;
using Gaw.Services;

namespace Gaw.Description;

/// <summary>Names the types of signatures, and collects the shapes of the user's own on the way, under names that are unique.</summary>
internal sealed class TypeDescriber
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly ShapeTable _shapes;

    public TypeDescriber() => _shapes = new ShapeTable(this);

    /// <inheritdoc cref="ShapeTable.All"/>
    public Dictionary<string, object?> Shapes => _shapes.All;

    /// <summary>What is reported to a parameter that takes the method's progress.</summary>
    public TypeText DescribeReported(ParameterInfo parameter) => Describe(parameter.ParameterType.GetGenericArguments()[0], _nullability.Create(parameter).GenericTypeArguments[0]);

    /// <summary>The type of a parameter; of one that takes a stream that of its items.</summary>
    public TypeText Describe(ParameterInfo parameter)
    {
        NullabilityInfo nullability = _nullability.Create(parameter);
        return StreamTypes.GetItem(parameter.ParameterType) is { } item ? Describe(item, nullability.GenericTypeArguments[0]) : Describe(parameter.ParameterType, nullability);
    }

    /// <summary>The type of a method's result, without its task.</summary>
    public TypeText DescribeResult(MethodInfo method)
    {
        ReturnShape returned = ReturnShape.Of(method.ReturnType);
        if (returned.Result == typeof(void))
        {
            return Describe(typeof(void), nullability: null);
        }

        NullabilityInfo nullability = _nullability.Create(method.ReturnParameter);
        return Describe(returned.Result, returned.IsAsync ? nullability.GenericTypeArguments[0] : nullability);
    }

    /// <summary>The type of a property or a field.</summary>
    public TypeText Describe(Type type, MemberInfo member) =>
        Describe(type, member is PropertyInfo property ? _nullability.Create(property) : _nullability.Create((FieldInfo)member));

    private TypeText Describe(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Describe(underlying, nullability: null).OrNull();
        }

        TypeText text = DescribeNotNull(type, nullability);
        return nullability?.ReadState is NullabilityState.Nullable && !type.IsValueType ? text.OrNull() : text;
    }

    private TypeText DescribeNotNull(Type type, NullabilityInfo? nullability)
    {
        if (PythonNames.Of(type) is { } python)
        {
            return new TypeText(type == typeof(object[]) ? "object?[]" : TypeNames.Friendly(type), python);
        }

        if (type.IsEnum)
        {
            return new TypeText(_shapes.NameOf(type), "str");
        }

        if (type.IsArray)
        {
            TypeText item = Describe(type.GetElementType()!, nullability?.ElementType);
            return new TypeText(item.CSharp + "[]", $"list[{item.Python}]");
        }

        if (ObjectConverters.IsObjectLike(type) && !typeof(ITuple).IsAssignableFrom(type))
        {
            // An abstract type travels as the subclass that the value has.
            return type.IsAbstract ? new TypeText("object", "Any")
                : FrameworkTypes.Contain(type) ? new TypeText(TypeNames.Friendly(type), "dict")
                : new TypeText(_shapes.NameOf(type), WireTypeNames.Of(type) is null ? "dict" : _shapes.NameOf(type));
        }

        return typeof(IEnumerable).IsAssignableFrom(type) || typeof(ITuple).IsAssignableFrom(type) ? DescribeCollection(type, nullability) : new TypeText(TypeNames.Friendly(type), "Any");
    }

    private TypeText DescribeCollection(Type type, NullabilityInfo? nullability)
    {
        Type[] own = type.GetGenericArguments();
        TypeText[] arguments = [.. own.Select((argument, i) => Describe(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i)))];
        string inside = string.Join(", ", arguments.Select(static a => a.CSharp));
        string python = string.Join(", ", arguments.Select(static a => a.Python));
        if (typeof(ITuple).IsAssignableFrom(type))
        {
            return new TypeText(type.IsValueType && own.Length is > 1 and < 8 ? $"({inside})" : TypeNames.Friendly(type), own.Length is > 0 and < 8 ? $"tuple[{python}]" : "tuple");
        }

        if (!FrameworkTypes.Contain(type) || own.Length == 0)
        {
            // A collection class of the user's is to others the plain collection that it is on the wire.
            Type plain = EntryOf(type) is { } entry ? typeof(Dictionary<,>).MakeGenericType(entry)
                : typeof(IDictionary).IsAssignableFrom(type) ? typeof(Dictionary<object, object>)
                : GenericTypes.Arguments(type, typeof(IEnumerable<>)) is { } item ? typeof(List<>).MakeGenericType(item)
                : typeof(List<object>);
            return DescribeCollection(plain, null);
        }

        bool isDictionary = EntryOf(type) is not null;
        bool isSet = GenericTypes.Implements(type, typeof(IReadOnlySet<>)) || GenericTypes.Implements(type, typeof(ISet<>));
        return new TypeText($"{TypeNames.Bare(type)}<{inside}>", $"{(isDictionary ? "dict" : isSet ? "set" : "list")}[{python}]");
    }

    /// <summary>The types of a dictionary's keys and values.</summary>
    private static Type[]? EntryOf(Type type) => GenericTypes.Arguments(type, typeof(IDictionary<,>)) ?? GenericTypes.Arguments(type, typeof(IReadOnlyDictionary<,>));
}
