using System.Collections;
using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects.Filling;

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

    /// <summary>Interfaces that a list which can be filled may implement.</summary>
    private static readonly HashSet<Type> Views = [typeof(IEnumerable<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>)];

    /// <summary>The type as which a member's content is read before it is put in place; <see langword="null"/> when it cannot be filled.</summary>
    /// <param name="owner">The type whose member it is.</param>
    /// <param name="member">A member that <see cref="IsPlace"/>.</param>
    public static Type? ContentType(Type owner, MemberSource member) => typeof(IEnumerable).IsAssignableFrom(member.Type)
        ? CollectionContent(member.Type)
        : IsObject(member.Type) && !InPlaceCycles.LeadsBack(owner, member) && CanBeSet(member.Type) ? member.Type : null;

    /// <summary>Whether something may stand in a member after construction: in its own field, or in the one behind a view.</summary>
    public static bool IsPlace(MemberSource member) => member.Storage is not null || FieldBehind(member) is not null;

    /// <summary>The field from which a read-only view takes its content.</summary>
    public static FieldInfo? FieldBehind(MemberSource member) =>
        member.Info is PropertyInfo property && member is { HasClosedSetter: false } && BackingFields.ByConvention(property, member.Getter!.DeclaringType!) is { } behind
        && (member.Type.IsAssignableFrom(behind.FieldType) || HoldTheSame(member.Type, behind.FieldType)) ? behind : null;

    /// <summary>Whether values of a type are objects with members that could be set one by one.</summary>
    public static bool IsObject(Type type) => type is { IsValueType: false, IsAbstract: false } && !typeof(IEnumerable).IsAssignableFrom(type) && ObjectConverters.IsObjectLike(type);

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

    /// <summary>Whether each member can be set.</summary>
    private static bool CanBeSet(Type type)
    {
        if (!Settable.TryGetValue(type, out StrongBox<bool>? known))
        {
            known = new StrongBox<bool>(OtherStack.Continue(() => CanBeSet(ObjectShape.Of(type))));
            Settable.AddOrUpdate(type, known);
        }

        return known.Value;
    }

    private static bool CanBeSet(ObjectShape shape) =>
        shape is { CannotBeMade: null, CannotCross: null } && shape.Members.All(static member => member.Source is { IsSettable: true } || member.IsInPlace);

    private static bool IsImmutable(Type type) =>
        (type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen" && FrameworkTypes.Contain(type))
        || (type.IsGenericType && ReadOnlyKinds.Contains(type.GetGenericTypeDefinition()));
}
