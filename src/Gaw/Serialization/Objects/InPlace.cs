using System.Collections;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;

namespace Gaw.Serialization.Objects;

/// <summary>
/// Which members without a setter can be given back all the same: collections that exist after construction, which are cleared and filled, and
/// objects of which each member can be set.
/// </summary>
internal static class InPlace
{
    private static readonly ConditionalWeakTable<Type, StrongBox<bool>> Settable = [];

    private static readonly HashSet<Type> ReadOnlyKinds =
        [typeof(ReadOnlyCollection<>), typeof(ReadOnlyDictionary<,>), typeof(ReadOnlySet<>), typeof(ReadOnlyObservableCollection<>)];

    private static readonly HashSet<Type> Queues = [typeof(Queue<>), typeof(Stack<>), typeof(ConcurrentQueue<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>)];

    /// <summary>Interfaces behind which a list that can be filled may stand.</summary>
    private static readonly HashSet<Type> Views = [typeof(IEnumerable<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>)];

    /// <summary>The type as which the content is read before it is put in place; <see langword="null"/> when values of the type cannot be filled.</summary>
    /// <param name="type">The type of the member.</param>
    /// <param name="owners">The types whose members are being looked at, for those that contain themselves.</param>
    public static Type? ContentType(Type type, IReadOnlySet<Type> owners) => typeof(IEnumerable).IsAssignableFrom(type)
        ? CollectionContent(type)
        : ConverterFactory.IsObjectLike(type) && type is { IsValueType: false, IsAbstract: false } && !owners.Contains(type) && CanBeSet(type, owners) ? type : null;

    /// <summary>Whether a type is a sequence or dictionary whose content can be read and put into one that exists.</summary>
    public static Type? CollectionContent(Type type)
    {
        if (type.IsArray || type == typeof(string) || IsImmutable(type))
        {
            return null;
        }

        if ((GenericTypes.Arguments(type, typeof(IDictionary<,>)) ?? GenericTypes.Arguments(type, typeof(IReadOnlyDictionary<,>))) is [Type key, Type value])
        {
            return typeof(Dictionary<,>).MakeGenericType(key, value);
        }

        if ((GenericTypes.Arguments(type, typeof(ISet<>)) ?? GenericTypes.Arguments(type, typeof(IReadOnlySet<>))) is [Type unique])
        {
            return typeof(HashSet<>).MakeGenericType(unique);
        }

        Type? definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        bool isKnown = definition is not null && (Views.Contains(definition) || Queues.Contains(definition));
        Type[]? item = GenericTypes.Arguments(type, isKnown ? typeof(IEnumerable<>) : typeof(ICollection<>));
        return item is [Type only] ? typeof(List<>).MakeGenericType(only) : null;
    }

    /// <summary>Whether one collection can be made of the items of the other: an immutable list of an array, for example. A stack would be turned round.</summary>
    public static bool HoldTheSame(Type left, Type right) =>
        IsSequence(left) && IsSequence(right)
        && GenericTypes.Arguments(left, typeof(IEnumerable<>)) is [Type item] && GenericTypes.Arguments(right, typeof(IEnumerable<>)) is [Type other] && item == other;

    private static bool IsSequence(Type type) => type != typeof(string) && !type.Name.Contains("Stack`", StringComparison.Ordinal);

    /// <summary>
    /// Whether each member can be set. Found once for each type: one that is asked about while its owner is, and leads back to it, cannot be filled
    /// whoever asks, as the owner cannot be either.
    /// </summary>
    private static bool CanBeSet(Type type, IReadOnlySet<Type> owners)
    {
        if (!Settable.TryGetValue(type, out StrongBox<bool>? known))
        {
            known = new StrongBox<bool>(OtherStack.Continue(() => CanBeSet(ObjectShape.Of(type, owners))));
            Settable.AddOrUpdate(type, known);
        }

        return known.Value;
    }

    private static bool CanBeSet(ObjectShape shape) =>
        shape is { CannotBeMade: null, CannotCross: null } && shape.Members.All(static member => member.Source is { IsSettable: true } || member.IsInPlace);

    private static bool IsImmutable(Type type) =>
        type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen" || (type.IsGenericType && ReadOnlyKinds.Contains(type.GetGenericTypeDefinition()));
}
