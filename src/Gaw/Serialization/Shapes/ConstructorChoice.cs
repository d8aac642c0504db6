using System.Reflection;
using System.Text.Json.Serialization;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Shapes;

/// <summary>
/// The constructor that makes a type again. Each of its parameters takes a member of its name and type, or has a default value: nothing beside
/// the members can be set from the wire.
/// </summary>
internal sealed class ConstructorChoice
{
    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private ConstructorChoice(ConstructorInfo? constructor, IReadOnlyList<MemberSource?> fed, string? problem)
    {
        Constructor = constructor;
        Fed = fed;
        Problem = problem;
    }

    /// <summary>The constructor; <see langword="null"/> for a struct that is made without one, or where there is a <see cref="Problem"/>.</summary>
    public ConstructorInfo? Constructor { get; }

    /// <summary>For each parameter the member it takes; <see langword="null"/> where it keeps its default.</summary>
    public IReadOnlyList<MemberSource?> Fed { get; }

    /// <summary>Why there is no constructor.</summary>
    public string? Problem { get; }

    /// <summary>
    /// Chooses the constructor with which the most members are given back; of equal ones that which takes the most members without a setter, then
    /// of classes the one with the fewest parameters: a setter gives a value back as it is, where a constructor may change it.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="sources">The members that can be given to a parameter.</param>
    /// <param name="isGivenBack">Whether a member is given back without the constructor.</param>
    public static ConstructorChoice For(Type type, IReadOnlyList<MemberSource> sources, Func<MemberSource, bool> isGivenBack)
    {
        ConstructorInfo[] marked = [.. type.GetConstructors(Instance).Where(static each => each.IsDefined(typeof(JsonConstructorAttribute), inherit: false))];
        if (marked.Length > 1)
        {
            return None($"{TypeNames.Friendly(type)} has several constructors with [JsonConstructor]. Mark one.");
        }

        if (marked is [ConstructorInfo only])
        {
            ConstructorChoice chosen = Feed(only, sources);
            return Unfed(chosen) is not { } missing ? chosen
                : None($"The parameter {missing.Name} of the constructor of {TypeNames.Friendly(type)} is named and typed like none of its members, and has no default value. Add such a member, or a default value.");
        }

        ConstructorChoice? best = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .Select(each => Feed(each, sources))
            .Where(static each => Unfed(each) is null)
            .OrderBy(each => sources.Count(source => source.IsState && !isGivenBack(source) && !each.Fed.Contains(source)))
            .ThenByDescending(each => each.Fed.Count(source => source is not null && (type.IsValueType || !source.IsSettable)))
            .ThenBy(static each => each.Fed.Count)
            .FirstOrDefault();
        return best ?? (type.IsValueType ? new ConstructorChoice(null, [], null)
            : None($"{TypeNames.Friendly(type)} has no public constructor whose parameters are named and typed like its members. Add one, or mark a constructor with [JsonConstructor]."));
    }

    private static ConstructorChoice None(string problem) => new(null, [], problem);

    private static ConstructorChoice Feed(ConstructorInfo constructor, IReadOnlyList<MemberSource> sources) =>
        new(constructor, [.. constructor.GetParameters().Select(parameter => SourceOf(parameter, sources))], null);

    private static ParameterInfo? Unfed(ConstructorChoice choice) =>
        choice.Constructor!.GetParameters().FirstOrDefault(parameter => parameter.ParameterType.IsByRef || (choice.Fed[parameter.Position] is null && !parameter.HasDefaultValue));

    private static MemberSource? SourceOf(ParameterInfo parameter, IReadOnlyList<MemberSource> sources) =>
        sources.FirstOrDefault(source => source.Name == parameter.Name && ParameterForm.ReadType(source.Type, parameter.ParameterType) is not null)
            ?? sources.FirstOrDefault(source => IsNamedLike(source, parameter) && ParameterForm.ReadType(source.Type, parameter.ParameterType) is not null);

    private static bool IsNamedLike(MemberSource source, ParameterInfo parameter) =>
        string.Equals(source.Name.TrimStart('_'), parameter.Name?.TrimStart('_'), StringComparison.OrdinalIgnoreCase);
}
