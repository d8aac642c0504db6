using System.Collections;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Gaw.Serialization;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;
using Gaw.Services;

namespace Gaw.Description;

/// <summary>A type as a C# and as a Python program writes it.</summary>
internal readonly record struct TypeText(string CSharp, string Python);

/// <summary>Names the types of signatures, and collects the shapes of the user's own on the way, under names that are unique.</summary>
internal sealed class TypeDescriber
{
    private static readonly Dictionary<Type, string> PythonNames = new()
    {
        [typeof(void)] = "None",
        [typeof(bool)] = "bool",
        [typeof(float)] = "float",
        [typeof(double)] = "float",
        [typeof(Half)] = "float",
        [typeof(decimal)] = "float",
        [typeof(TimeSpan)] = "float",
        [typeof(BigInteger)] = "int",
        [typeof(Int128)] = "int",
        [typeof(UInt128)] = "int",
        [typeof(string)] = "str",
        [typeof(char)] = "str",
        [typeof(DateOnly)] = "str",
        [typeof(TimeOnly)] = "str",
        [typeof(byte[])] = "str",
        [typeof(object[])] = "tuple",
        [typeof(Guid)] = "uuid.UUID",
        [typeof(DateTime)] = "datetime.datetime",
        [typeof(DateTimeOffset)] = "datetime.datetime",
        [typeof(object)] = "Any",
        [typeof(GawObject)] = "Any",
    };

    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<Type, string> _names = [];
    private readonly Dictionary<string, object?> _shapes = [];

    /// <summary>The shapes of the user's types that have been named so far, by name.</summary>
    public Dictionary<string, object?> Shapes => new(_shapes.OrderBy(static shape => shape.Key, StringComparer.Ordinal));

    /// <summary>What is reported to a parameter that takes the method's progress.</summary>
    public TypeText DescribeReported(ParameterInfo parameter) => Describe(parameter.ParameterType.GetGenericArguments()[0], _nullability.Create(parameter).GenericTypeArguments[0]);

    /// <summary>The type of a parameter.</summary>
    public TypeText Describe(ParameterInfo parameter) => Describe(parameter.ParameterType, _nullability.Create(parameter));

    /// <summary>The type of what a method gives, without its task.</summary>
    public TypeText DescribeResult(MethodInfo method)
    {
        ReturnShape returned = ReturnShape.Of(method.ReturnType);
        if (returned.Result == typeof(void))
        {
            return Describe(typeof(void), null);
        }

        NullabilityInfo nullability = _nullability.Create(method.ReturnParameter);
        return Describe(returned.Result, returned.IsAsync ? nullability.GenericTypeArguments[0] : nullability);
    }

    private TypeText Describe(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return OrNull(Describe(underlying, null));
        }

        TypeText text = DescribeNotNull(type, nullability);
        return nullability?.ReadState is NullabilityState.Nullable && !type.IsValueType ? OrNull(text) : text;
    }

    private static TypeText OrNull(TypeText text) => new(text.CSharp + "?", text.Python == "Any" ? "Any" : text.Python + " | None");

    private TypeText DescribeNotNull(Type type, NullabilityInfo? nullability)
    {
        if (PythonNames.TryGetValue(type, out string? python))
        {
            return new TypeText(type == typeof(object[]) ? "object?[]" : TypeNames.Friendly(type), python);
        }

        if (type.IsPrimitive)
        {
            return new TypeText(TypeNames.Friendly(type), "int");
        }

        if (type.IsEnum)
        {
            return new TypeText(NameOf(type), "str");
        }

        if (type.IsArray)
        {
            TypeText item = Describe(type.GetElementType()!, nullability?.ElementType);
            return new TypeText(item.CSharp + "[]", $"list[{item.Python}]");
        }

        if (ConverterFactory.IsObjectLike(type) && !typeof(ITuple).IsAssignableFrom(type))
        {
            // What is abstract travels as whichever of its subclasses is there.
            return type.IsAbstract ? new TypeText("object", "Any")
                : FrameworkTypes.Contain(type) ? new TypeText(TypeNames.Friendly(type), "dict")
                : new TypeText(NameOf(type), GawTypes.WireName(type) is null ? "dict" : NameOf(type));
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

    /// <summary>The name of a type of the user's; its shape is entered.</summary>
    private string NameOf(Type type)
    {
        if (_names.TryGetValue(type, out string? known))
        {
            return known;
        }

        string wanted = type.IsGenericType ? $"{TypeNames.Bare(type)}Of{string.Concat(type.GetGenericArguments().Select(static a => TypeNames.Bare(a)))}" : type.Name;
        string name = wanted;
        for (int i = 2; _names.ContainsValue(name); i++)
        {
            name = $"{wanted}{i}";
        }

        _names.Add(type, name);
        _shapes.Add(name, type.IsEnum ? DescribeEnum(type) : DescribeObject(type));
        return name;
    }

    private static Dictionary<string, object?> DescribeEnum(Type type) => new()
    {
        ["kind"] = "enum",
        ["doc"] = XmlDocumentation.Of(type),
        ["flags"] = type.IsDefined(typeof(FlagsAttribute), inherit: false),
        ["members"] = type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (object?)new Dictionary<string, object?>
        {
            ["name"] = field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name,
            ["csharp"] = field.Name,
            ["value"] = field.GetRawConstantValue(),
            ["doc"] = XmlDocumentation.Of(field),
        }).ToList(),
    };

    private Dictionary<string, object?> DescribeObject(Type type) => new()
    {
        ["kind"] = "record",
        ["doc"] = XmlDocumentation.Of(type),
        ["wire_name"] = GawTypes.WireName(type),
        ["members"] = ObjectShape.Of(type).Members.Select(member => (object?)DescribeMember(type, member)).ToList(),
    };

    private Dictionary<string, object?> DescribeMember(Type owner, ObjectMember member)
    {
        MemberInfo source = member.Source.Info;
        TypeText text = Describe(member.SourceType, source is PropertyInfo property ? _nullability.Create(property) : _nullability.Create((FieldInfo)source));
        Dictionary<string, object?> described = new()
        {
            ["name"] = member.WireName,
            ["csharp"] = source.Name,
            ["type"] = text.CSharp,
            ["python"] = text.Python,
            ["required"] = member.IsRequired,
            ["doc"] = XmlDocumentation.Of(source) ?? (member.Parameter is { } parameter ? XmlDocumentation.OfParameter(owner, parameter.Name!) : null),
        };
        if (member.Parameter is { HasDefaultValue: true } optional)
        {
            described["default"] = DefaultValues.Of(optional);
        }

        return described;
    }
}
