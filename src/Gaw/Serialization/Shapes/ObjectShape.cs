using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Gaw.Serialization.Objects.Filling;
using Gaw.Shared;

namespace Gaw.Serialization.Shapes;

/// <summary>
/// How a type travels as an object: its members, and the constructor that makes it again. Members are state: public fields, and public properties
/// that can be given back or keep a value; computed properties stay at home. A type of which some state cannot be given back is written whole and
/// never read.
/// </summary>
internal sealed class ObjectShape
{
    private static readonly ConditionalWeakTable<Type, ObjectShape> Known = [];

    private ObjectShape(Type type, ConstructorChoice choice, IReadOnlyList<ObjectMember> members, string? cannotBeMade, string? cannotCross)
    {
        Type = type;
        Constructor = choice.Constructor;
        Members = members;
        CannotBeMade = cannotBeMade;
        CannotCross = cannotCross;
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>The constructor; <see langword="null"/> for a struct that is made without one.</summary>
    public ConstructorInfo? Constructor { get; }

    /// <summary>The members, in the order in which they are written.</summary>
    public IReadOnlyList<ObjectMember> Members { get; }

    /// <summary>Why values of the type can be written but not made; <see langword="null"/> when they can.</summary>
    public string? CannotBeMade { get; }

    /// <summary>Why values of the type can be neither written nor read, in the form "it ..."; <see langword="null"/> when they can be written.</summary>
    public string? CannotCross { get; }

    /// <summary>Looks at a type.</summary>
    public static ObjectShape Of(Type type) => Known.GetValue(type, Look);

    private static ObjectShape Look(Type type)
    {
        List<MemberSource> all = MemberSources.Of(type);
        List<MemberSource> sources = all.FindAll(static source => !MemberSources.IsIgnored(source.Info));
        Dictionary<MemberSource, InPlaceContent> places = sources.Where(static source => !source.IsSettable).Select(source => (source, Place: InPlaceContent.Of(type, source)))
            .Where(static each => each.Place.Type is not null).ToDictionary(static each => each.source, static each => each.Place);
        ConstructorChoice choice = ConstructorChoice.For(type, sources, source => source.IsSettable || places.ContainsKey(source));

        // A place in a struct that is made without a constructor holds nothing yet.
        bool hasPlaces = choice.Constructor is not null;
        HashSet<FieldInfo> givenBack = [.. sources.Where(source => choice.Fed.Contains(source) || source.IsSettable).Select(static source => source.Storage).OfType<FieldInfo>()];
        List<MemberSource> state = sources.FindAll(source => choice.Fed.Contains(source) || source.IsSettable
            || places.ContainsKey(source) || (source.IsState && !IsAnotherName(source, givenBack)));
        IEnumerable<MemberSource> unfed = state.Where(source => !choice.Fed.Contains(source));
        List<ObjectMember> members = [.. Fed(choice), .. unfed.Select(source => Unfed(source, choice, hasPlaces ? places.GetValueOrDefault(source) : default))];
        string? cannotCross = ShapeRules.CannotCross(type, all, members);
        return new ObjectShape(type, choice, members, cannotCross is null ? ShapeRules.CannotBeMade(type, choice, all, members) : null, cannotCross);
    }

    /// <summary>A getter that returns the field of a member that travels anyway.</summary>
    private static bool IsAnotherName(MemberSource source, HashSet<FieldInfo> givenBack) =>
        source is { IsField: false, HasClosedSetter: false, Storage: { } storage } && givenBack.Contains(storage);

    private static IEnumerable<ObjectMember> Fed(ConstructorChoice choice)
    {
        foreach (ParameterInfo parameter in choice.Constructor?.GetParameters() ?? [])
        {
            if (choice.Fed[parameter.Position] is { } source)
            {
                yield return new ObjectMember
                {
                    WireName = WireNameOf(source),
                    Type = ParameterForm.ReadType(source.Type, parameter.ParameterType)!,
                    Source = source,
                    Parameter = parameter,
                    IsRequired = !parameter.HasDefaultValue || source.Info.IsDefined(typeof(JsonRequiredAttribute), inherit: true),
                    Aliases = parameter.Name == source.Name ? [source.Name] : [source.Name, parameter.Name!],
                };
            }
        }
    }

    private static ObjectMember Unfed(MemberSource source, ConstructorChoice choice, InPlaceContent place)
    {
        bool setsRequired = choice.Constructor?.IsDefined(typeof(SetsRequiredMembersAttribute), inherit: false) ?? false;
        bool isInPlace = !source.IsSettable && place.Type is not null;
        return new ObjectMember
        {
            WireName = WireNameOf(source),
            Type = isInPlace ? place.Type! : source.Type,
            Source = source,
            IsInPlace = isInPlace,
            InPlaceField = isInPlace ? place.Behind : null,
            IsRequired = source.Info.IsDefined(typeof(JsonRequiredAttribute), inherit: true) || (!setsRequired && source.Info.IsDefined(typeof(RequiredMemberAttribute), inherit: false)),
            Aliases = [source.Name],
        };
    }

    private static string WireNameOf(MemberSource source) =>
        source.Info.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? SnakeCase.Of(source.Name);
}
