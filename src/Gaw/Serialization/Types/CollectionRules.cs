using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Reflection;
using Gaw.Serialization.Shapes;

namespace Gaw.Serialization.Types;

/// <summary>Which collections would lose something if they travelled as their items.</summary>
internal static class CollectionRules
{
    private const BindingFlags Fields = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The members that the interfaces of collections ask for, and those that follow from the items.</summary>
    private static readonly HashSet<string> OfEachCollection =
        new(StringComparer.Ordinal) { "Count", "Length", "IsEmpty", "IsReadOnly", "IsFixedSize", "IsSynchronized", "SyncRoot", "Keys", "Values", "Comparer" };

    /// <summary>The losses of classes whose values were sent as collections of a base class; <see langword="null"/> where nothing is lost.</summary>
    private static readonly ConcurrentDictionary<Type, string?> StateByClass = new();

    /// <summary>Why a collection cannot cross, in the form "it ..."; <see langword="null"/> when nothing of it would be lost.</summary>
    /// <param name="type">A type that is enumerable.</param>
    /// <param name="tag">The name that it was given on the wire.</param>
    public static string? CannotCross(Type type, string? tag)
    {
        if (typeof(NameObjectCollectionBase).IsAssignableFrom(type))
        {
            return "its values would be lost. Send a Dictionary<string, string[]>";
        }

        if (GenericTypes.Implements(type, typeof(IGrouping<,>)) || GenericTypes.Implements(type, typeof(ILookup<,>)))
        {
            return "the keys of its groups would be lost. Send a Dictionary<TKey, List<T>> (ToDictionary(group => group.Key, group => group.ToList()))";
        }

        if (IsSequenceOfItself(type))
        {
            return "it is a sequence of itself, which ends in empty lists. Send its text, or a type with members";
        }

        if (ShapeRules.ForeignAttribute(type) is { } attribute && !FrameworkTypes.Contain(type))
        {
            return $"it has {attribute}, which Gaw does not use. Send a type without it, or the value that the converter would write";
        }

        if (StateOf(type) is { } member)
        {
            return KeepsState(member);
        }

        return tag is null ? null : $"it is a collection, which travels as its items and cannot have a name on the wire. Take [GawSerializable] off it, or do not add it to GawTypes";
    }

    /// <summary>Makes sure that nothing is lost of a value whose class derives from the collection it is sent as.</summary>
    /// <param name="declared">The class it is sent as. An interface promises the items and nothing else.</param>
    /// <param name="actual">The class of the value.</param>
    /// <exception cref="GawSerializationException">The value keeps something beside its items.</exception>
    public static void CheckDerived(Type declared, Type actual)
    {
        if (StateByClass.GetOrAdd(actual, StateOf) is { } member)
        {
            throw new GawSerializationException($"A {TypeNames.Friendly(actual)} cannot be sent as {TypeNames.Friendly(declared)}: {KeepsState(member)}.");
        }
    }

    private static string KeepsState(string member) =>
        $"it is a collection that keeps {member} beside its items, and one of the two would be lost. Send a type with a member for the items, or mark {member} with [JsonIgnore]";

    private static bool IsSequenceOfItself(Type type)
    {
        HashSet<Type> items = new HashSet<Type>();
        for (Type? item = ItemOf(type); item is not null && item != typeof(object) && items.Add(item); item = ItemOf(item))
        {
            if (item.IsAssignableFrom(type))
            {
                return true;
            }
        }

        return false;
    }

    private static Type? ItemOf(Type type) => type == typeof(string) ? null : GenericTypes.Arguments(type, typeof(IEnumerable<>))?[0];

    /// <summary>The member that a collection of the user's keeps beside its items.</summary>
    private static string? StateOf(Type type)
    {
        if (FrameworkTypes.Contain(type) || type.IsInterface)
        {
            return null;
        }

        Type[] items = [.. GenericTypes.FormsOf(type, typeof(IEnumerable<>))];

        // A list that the type shows is a view of its items only where it keeps no other list of them.
        bool mayBeView = MemberSources.Levels(type).SelectMany(static level => level.GetFields(Fields)).Count(field => HoldsItems(field.FieldType, items)) <= 1;
        return MemberSources.Of(type).Find(source =>
            source.IsState && !FrameworkTypes.Contain(source.Info.DeclaringType!) && !MemberSources.IsIgnored(source.Info)
            && !OfEachCollection.Contains(source.Name) && !(mayBeView && HoldsItems(source.Type, items)))?.Name;
    }

    private static bool HoldsItems(Type member, Type[] items) =>
        member != typeof(string) && typeof(IEnumerable).IsAssignableFrom(member) && Array.Exists(items, each => each.IsAssignableFrom(member));
}
