using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using Gaw.Json;
using Gaw.Serialization.Collections.Keys;
using Gaw.Serialization.Text;

namespace Gaw.Serialization.Collections;

/// <summary>Reads the items and makes the sequence, one method for each type; found by name.</summary>
internal static class SequenceMakers
{
    public static T[] Array<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    public static List<T> List<T>(ref JsonReader reader, ValueConverter<T> item) => SequenceReader.ReadList(ref reader, item);

    public static Collection<T> Collection<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    public static ObservableCollection<T> Observable<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    public static ReadOnlyCollection<T> ReadOnly<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    public static LinkedList<T> Linked<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    public static Queue<T> Queue<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    /// <summary>A stack enumerates from the top, so the last item on the wire is the bottom.</summary>
    public static Stack<T> Stack<T>(ref JsonReader reader, ValueConverter<T> item) => new(Enumerable.Reverse(SequenceReader.ReadList(ref reader, item)));

    public static ConcurrentQueue<T> ConcurrentQueue<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    public static ConcurrentStack<T> ConcurrentStack<T>(ref JsonReader reader, ValueConverter<T> item) => new(Enumerable.Reverse(SequenceReader.ReadList(ref reader, item)));

    /// <summary>A bag gives out the item first that its thread added last.</summary>
    public static ConcurrentBag<T> ConcurrentBag<T>(ref JsonReader reader, ValueConverter<T> item) => [.. Enumerable.Reverse(SequenceReader.ReadList(ref reader, item))];

    public static ImmutableArray<T> ImmutableArray<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    public static ImmutableList<T> ImmutableList<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    public static ImmutableQueue<T> ImmutableQueue<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    public static ImmutableStack<T> ImmutableStack<T>(ref JsonReader reader, ValueConverter<T> item) => [.. Enumerable.Reverse(SequenceReader.ReadList(ref reader, item))];

    public static SortedSet<T> SortedSet<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    public static FrozenSet<T> FrozenSet<T>(ref JsonReader reader, ValueConverter<T> item) => HashSet(ref reader, item) is var set ? set.ToFrozenSet(set.Comparer) : null!;

    public static ImmutableHashSet<T> ImmutableHashSet<T>(ref JsonReader reader, ValueConverter<T> item) => HashSet(ref reader, item) is var set ? set.ToImmutableHashSet(set.Comparer) : null!;

    public static ImmutableSortedSet<T> ImmutableSortedSet<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    public static TSequence Filled<TSequence, T>(ref JsonReader reader, ValueConverter<T> item)
        where TSequence : ICollection<T>, new()
    {
        TSequence sequence = new();
        if (sequence.Count > 0)
        {
            sequence.Clear();
        }

        IReadOnlyCollection<T> items = sequence is ISet<T> ? SequenceReader.ReadSet(ref reader, item, EqualityComparer<T>.Default) : SequenceReader.ReadList(ref reader, item);
        HashLoad.CheckItems(sequence, items);
        foreach (T each in items)
        {
            sequence.Add(each);
        }

        return sequence;
    }

    public static HashSet<T> HashSet<T>(ref JsonReader reader, ValueConverter<T> item) => typeof(T) == typeof(object)
        ? (HashSet<T>)(object)PythonEquality.ToSet(SequenceReader.ReadList<object?>(ref reader, (ValueConverter<object?>)(object)item))
        : SequenceReader.ReadSet(ref reader, item, EqualityComparer<T>.Default);

    public static bool IsReadOnlyFromTheStart<TSequence, T>()
        where TSequence : ICollection<T>, new() => new TSequence().IsReadOnly;
}
