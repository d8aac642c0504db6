using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Shapes;

/// <summary>The reasons why a type cannot cross, or cannot be made of its members. Each names the member and the remedy.</summary>
internal static class ShapeRules
{
    private const string Remedies = "Add a constructor parameter or a public setter for it, or mark it with [JsonInclude] beside a non-public setter, or with [JsonIgnore] to keep it at home";
    private const BindingFlags Fields = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Why values can be neither written nor read, in the form "it ..."; <see langword="null"/> when they can be written.</summary>
    public static string? CannotCross(Type type, IReadOnlyList<MemberSource> all, IReadOnlyList<ObjectMember> members)
    {
        if (members.GroupBy(static member => member.WireName, StringComparer.Ordinal).FirstOrDefault(static sameName => sameName.Count() > 1) is { } clash)
        {
            return $"it has two members with the wire name \"{clash.Key}\", {string.Join(" and ", clash.Select(FullName))}. Tell them apart with [JsonPropertyName]";
        }

        if (type.IsDefined(typeof(InlineArrayAttribute), inherit: false) || type.IsDefined(typeof(UnsafeValueTypeAttribute), inherit: false))
        {
            return "it is a buffer of several elements behind one field, and all but the first would be lost. Send an array";
        }

        if (ForeignAttribute(type) is { } onType)
        {
            return $"it has {onType}, which Gaw does not use. Send a type without it, or the value that the converter would write";
        }

        foreach (MemberSource source in all.Where(static source => !MemberSources.IsIgnored(source.Info)))
        {
            if (ForeignAttribute(source.Info) is { } onMember)
            {
                return $"its member {source.Name} has {onMember}, which Gaw does not use. Take it off, or mark the member with [JsonIgnore]";
            }
        }

        return members.Count == 0 && MemberSources.Levels(type).Any(static level => level.GetFields(Fields).Length > 0)
            ? "it keeps values, but none of its members travels: it has no public state. Add public properties, or mark members with [JsonInclude]"
            : null;
    }

    /// <summary>Why values can be written but not read; <see langword="null"/> when they can be read.</summary>
    public static string? CannotBeMade(Type type, ConstructorChoice choice, IReadOnlyList<MemberSource> all, IReadOnlyList<ObjectMember> members)
    {
        string name = TypeNames.Friendly(type);
        if (type.IsAbstract)
        {
            return $"{name} is abstract.";
        }

        if (choice.Problem is { } problem)
        {
            return problem;
        }

        if (all.FirstOrDefault(static source => MemberSources.IsIgnored(source.Info) && source.Info.IsDefined(typeof(RequiredMemberAttribute), inherit: false)) is { } contradiction)
        {
            return $"{name} can be sent but not received: its member {contradiction.Name} is required, but stays at home by [JsonIgnore]. Take one of the two away.";
        }

        string[] lost = [.. members.Where(static member => member is { Parameter: null, IsInPlace: false, Source.IsSettable: false }).Select(static member => member.Source.Name)];
        return lost.Length == 0 ? null
            : $"{name} can be sent but not received: {string.Join(", ", lost)} cannot be given back, as no constructor takes {(lost.Length == 1 ? "it" : "them")} and no setter is public. {Remedies}.";
    }

    /// <summary>An attribute of System.Text.Json that changes the form of a value, and that is not honoured; <see langword="null"/> for none.</summary>
    public static string? ForeignAttribute(MemberInfo member)
    {
        if (member.IsDefined(typeof(JsonExtensionDataAttribute), inherit: true))
        {
            return "[JsonExtensionData]";
        }

        return member.GetCustomAttribute<JsonConverterAttribute>(inherit: false) is { } converter && !IsForEnums(converter.ConverterType) ? "[JsonConverter]" : null;
    }

    /// <summary>The converter that writes an enum as its name, which is how enums travel anyway.</summary>
    private static bool IsForEnums(Type? converter) =>
        converter == typeof(JsonStringEnumConverter) || (converter is { IsGenericType: true } && converter.GetGenericTypeDefinition() == typeof(JsonStringEnumConverter<>));

    private static string FullName(ObjectMember member) => $"{TypeNames.Friendly(member.Source.Info.DeclaringType!)}.{member.Source.Name}";
}
