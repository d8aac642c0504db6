using System.Reflection;
using System.Text.Json.Serialization;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Description;

/// <summary>The user's types that signatures name: each under a name that is unique, with its shape.</summary>
/// <param name="types">Describes the types of members, which may be the user's in turn.</param>
internal sealed class ShapeTable(TypeDescriber types)
{
    private readonly Dictionary<Type, string> _names = [];
    private readonly Dictionary<string, object?> _shapes = [];

    /// <summary>The shapes of the user's types that have been named so far, by name.</summary>
    public Dictionary<string, object?> All => new(_shapes.OrderBy(static shape => shape.Key, StringComparer.Ordinal));

    /// <summary>The name of a type of the user's; its shape is entered.</summary>
    public string NameOf(Type type)
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
        ["wire_name"] = WireTypeNames.Of(type),
        ["members"] = ObjectShape.Of(type).Members.Select(member => (object?)DescribeMember(type, member)).ToList(),
    };

    private Dictionary<string, object?> DescribeMember(Type owner, ObjectMember member)
    {
        MemberInfo source = member.Source.Info;
        TypeText text = types.Describe(member.SourceType, source);
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
