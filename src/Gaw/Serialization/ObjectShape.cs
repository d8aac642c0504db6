using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gaw.Serialization;

/// <summary>
/// How a type travels as an object: its members, and the constructor that makes it again. Members are public properties and fields that can be
/// given back, through the constructor or afterwards; computed ones stay at home. Of a type that cannot be made, all that can be read travel.
/// </summary>
internal sealed class ObjectShape
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;

    private ObjectShape(Type type, ConstructorInfo? constructor, IReadOnlyList<ObjectMember> members, string? cannotBeMade)
    {
        Type = type;
        Constructor = constructor;
        Members = members;
        CannotBeMade = cannotBeMade;
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>The constructor; <see langword="null"/> for a struct that is made without one.</summary>
    public ConstructorInfo? Constructor { get; }

    /// <summary>The members, in the order in which they are written.</summary>
    public IReadOnlyList<ObjectMember> Members { get; }

    /// <summary>Why values of the type can be written but not made; <see langword="null"/> when they can.</summary>
    public string? CannotBeMade { get; }

    /// <summary>Looks at a type.</summary>
    /// <exception cref="GawSerializationException">Two members have one name on the wire.</exception>
    public static ObjectShape Of(Type type)
    {
        List<MemberInfo> sources = Sources(type);
        ConstructorInfo? constructor = Choose(type, sources);
        string? cannotBeMade = type.IsAbstract ? $"{TypeNames.Friendly(type)} is abstract."
            : constructor is null && !type.IsValueType ? $"{TypeNames.Friendly(type)} has no public constructor whose parameters are named and typed like its members."
            : null;
        List<ObjectMember> members = cannotBeMade is null
            ? MadeMembers(constructor, sources)
            : [.. sources.Select(source => Member(source, parameter: null, isRequired: false))];
        return members.GroupBy(member => member.WireName, StringComparer.Ordinal).FirstOrDefault(sameName => sameName.Count() > 1) is { } clash
            ? throw new GawSerializationException($"{TypeNames.Friendly(type)} has two members with the wire name \"{clash.Key}\". Tell them apart with [JsonPropertyName].")
            : new ObjectShape(type, constructor, members, cannotBeMade);
    }

    private static List<MemberInfo> Sources(Type type)
    {
        IEnumerable<MemberInfo> properties = type.GetProperties(Public).Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0);
        IEnumerable<MemberInfo> members = properties.Concat<MemberInfo>(type.GetFields(Public)).Where(Travels);

        // A base class's members come first, as its constructor sets them first; a hidden one gives way to the one that hides it.
        return [.. members.OrderBy(member => Depth(member.DeclaringType!)).GroupBy(member => member.Name, StringComparer.Ordinal).Select(sameName => sameName.Last())];
    }

    private static bool Travels(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always }
        && TypeOf(member) is { IsByRefLike: false, IsPointer: false, IsByRef: false };

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;

    private static ConstructorInfo? Choose(Type type, List<MemberInfo> sources) =>
        Array.Find(type.GetConstructors(Public | BindingFlags.NonPublic), constructor => constructor.IsDefined(typeof(JsonConstructorAttribute), inherit: false))
            ?? type.GetConstructors(Public)
                .Where(constructor => Array.TrueForAll(constructor.GetParameters(), parameter => IsFed(parameter, sources)))
                .OrderByDescending(constructor => constructor.GetParameters().Count(parameter => SourceOf(parameter, sources) is not null))
                .ThenBy(constructor => constructor.GetParameters().Length)
                .FirstOrDefault();

    private static bool IsFed(ParameterInfo parameter, List<MemberInfo> sources) =>
        !parameter.ParameterType.IsByRef && (parameter.HasDefaultValue || SourceOf(parameter, sources) is not null);

    private static MemberInfo? SourceOf(ParameterInfo parameter, List<MemberInfo> sources) =>
        sources.Find(source => string.Equals(source.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && Fits(TypeOf(source), parameter.ParameterType));

    private static bool Fits(Type source, Type parameter) =>
        parameter.IsAssignableFrom(source) || Nullable.GetUnderlyingType(source) == parameter || Nullable.GetUnderlyingType(parameter) == source;

    private static List<ObjectMember> MadeMembers(ConstructorInfo? constructor, List<MemberInfo> sources)
    {
        var members = new List<ObjectMember>();
        foreach (ParameterInfo parameter in constructor?.GetParameters() ?? [])
        {
            members.Add(SourceOf(parameter, sources) is { } source
                ? Member(source, parameter, !parameter.HasDefaultValue)
                : new ObjectMember { WireName = SnakeCase(parameter.Name!), Type = parameter.ParameterType, Parameter = parameter, IsRequired = !parameter.HasDefaultValue, Aliases = [parameter.Name!] });
        }

        bool setsRequired = constructor?.IsDefined(typeof(SetsRequiredMembersAttribute), inherit: false) ?? false;
        foreach (MemberInfo source in sources.Where(source => IsSettable(source) && members.TrueForAll(member => member.Source != source)))
        {
            members.Add(Member(source, parameter: null, !setsRequired && source.IsDefined(typeof(RequiredMemberAttribute), inherit: false)));
        }

        return members;
    }

    private static ObjectMember Member(MemberInfo source, ParameterInfo? parameter, bool isRequired) => new()
    {
        WireName = source.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? SnakeCase(source.Name),
        Type = parameter?.ParameterType ?? TypeOf(source),
        Source = source,
        Parameter = parameter,
        IsRequired = isRequired,
        Aliases = parameter is null || parameter.Name == source.Name ? [source.Name] : [source.Name, parameter.Name!],
    };

    private static bool IsSettable(MemberInfo source) => source is FieldInfo { IsInitOnly: false } or PropertyInfo { SetMethod.IsPublic: true };

    private static Type TypeOf(MemberInfo source) => source is PropertyInfo property ? property.PropertyType : ((FieldInfo)source).FieldType;

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
