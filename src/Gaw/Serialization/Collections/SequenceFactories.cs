using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;
using Gaw.Json;
using Gaw.Serialization.Text;

namespace Gaw.Serialization.Collections;

/// <summary>Which sequence types there are, and how each is made.</summary>
internal static class SequenceFactories
{
    private static readonly Dictionary<Type, string> Makers = new()
    {
        [typeof(List<>)] = nameof(List),
        [typeof(IList<>)] = nameof(List),
        [typeof(ICollection<>)] = nameof(List),
        [typeof(IEnumerable<>)] = nameof(List),
        [typeof(IReadOnlyList<>)] = nameof(List),
        [typeof(IReadOnlyCollection<>)] = nameof(List),
        [typeof(Collection<>)] = nameof(Collection),
        [typeof(ObservableCollection<>)] = nameof(Observable),
        [typeof(ReadOnlyCollection<>)] = nameof(ReadOnly),
        [typeof(LinkedList<>)] = nameof(Linked),
        [typeof(Queue<>)] = nameof(Queue),
        [typeof(Stack<>)] = nameof(Stack),
        [typeof(ConcurrentQueue<>)] = nameof(ConcurrentQueue),
        [typeof(ConcurrentStack<>)] = nameof(ConcurrentStack),
        [typeof(ConcurrentBag<>)] = nameof(ConcurrentBag),
        [typeof(ImmutableArray<>)] = nameof(ImmutableArray),
        [typeof(ImmutableList<>)] = nameof(ImmutableList),
        [typeof(IImmutableList<>)] = nameof(ImmutableList),
        [typeof(ImmutableQueue<>)] = nameof(ImmutableQueue),
        [typeof(ImmutableStack<>)] = nameof(ImmutableStack),
        [typeof(HashSet<>)] = nameof(HashSet),
        [typeof(ISet<>)] = nameof(HashSet),
        [typeof(IReadOnlySet<>)] = nameof(HashSet),
        [typeof(SortedSet<>)] = nameof(SortedSet),
        [typeof(FrozenSet<>)] = nameof(FrozenSet),
        [typeof(ImmutableHashSet<>)] = nameof(ImmutableHashSet),
        [typeof(IImmutableSet<>)] = nameof(ImmutableHashSet),
        [typeof(ImmutableSortedSet<>)] = nameof(ImmutableSortedSet),
    };

    /// <summary>How to read a sequence type; <see langword="null"/> when it can be written only.</summary>
    public static Delegate? Reader(Type sequence, Type item)
    {
        if (GeneratedConverters.Find(typeof(SequenceFactories), sequence) is { } compiled)
        {
            return compiled;
        }

        Type shape = typeof(SequenceRead<,>).MakeGenericType(sequence, item);
        string? maker = sequence.IsArray ? nameof(Array) : sequence.IsGenericType ? Makers.GetValueOrDefault(sequence.GetGenericTypeDefinition()) : null;
        if (maker is not null)
        {
            return Maker(maker).MakeGenericMethod(item).CreateDelegate(shape);
        }

        bool canBeFilled = CanBeMade(sequence, item) && !IsReadOnly(sequence, item);
        return canBeFilled ? Maker(nameof(Filled)).MakeGenericMethod(sequence, item).CreateDelegate(shape) : null;
    }

    /// <summary>Whether a collection that has just been made refuses items.</summary>
    public static bool IsReadOnly(Type sequence, Type item)
    {
        if (!CanBeMade(sequence, item))
        {
            return false;
        }

        try
        {
            return (bool)Maker(nameof(IsReadOnlyFromTheStart)).MakeGenericMethod(sequence, item).Invoke(null, null)!;
        }
        catch (Exception e) when (e is TargetInvocationException or MissingMethodException or NotSupportedException)
        {
            // What its own code refuses is told when a value comes.
            return false;
        }
    }

    /// <summary>Whether a sequence type is a set.</summary>
    public static bool IsSet(Type sequence, Type item) =>
        sequence.GetInterfaces().Prepend(sequence).Any(each =>
            each.IsGenericType && each.GetGenericArguments() is [Type only] && only == item
            && each.GetGenericTypeDefinition() is { } kind && (kind == typeof(IReadOnlySet<>) || kind == typeof(ISet<>) || kind == typeof(IImmutableSet<>)));

    internal static HashSet<T> HashSet<T>(ref JsonReader reader, ValueConverter<T> item) => typeof(T) == typeof(object)
        ? (HashSet<T>)(object)PythonEquality.ToSet(SequenceReader.ReadList<object?>(ref reader, (ValueConverter<object?>)(object)item))
        : SequenceReader.ReadSet(ref reader, item, EqualityComparer<T>.Default);

    private static bool CanBeMade(Type sequence, Type item) => sequence is { IsAbstract: false } && typeof(ICollection<>).MakeGenericType(item).IsAssignableFrom(sequence)
        && (sequence.IsValueType || sequence.GetConstructor(Type.EmptyTypes) is not null);

    private static bool IsReadOnlyFromTheStart<TSequence, T>()
        where TSequence : ICollection<T>, new() => new TSequence().IsReadOnly;

    private static MethodInfo Maker(string name) => typeof(SequenceFactories).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static T[] Array<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    private static List<T> List<T>(ref JsonReader reader, ValueConverter<T> item) => SequenceReader.ReadList(ref reader, item);

    private static Collection<T> Collection<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    private static ObservableCollection<T> Observable<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    private static ReadOnlyCollection<T> ReadOnly<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    private static LinkedList<T> Linked<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    private static Queue<T> Queue<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    /// <summary>A stack enumerates from the top, so the last item on the wire is the bottom.</summary>
    private static Stack<T> Stack<T>(ref JsonReader reader, ValueConverter<T> item) => new(Enumerable.Reverse(SequenceReader.ReadList(ref reader, item)));

    private static ConcurrentQueue<T> ConcurrentQueue<T>(ref JsonReader reader, ValueConverter<T> item) => new(SequenceReader.ReadList(ref reader, item));

    private static ConcurrentStack<T> ConcurrentStack<T>(ref JsonReader reader, ValueConverter<T> item) => new(Enumerable.Reverse(SequenceReader.ReadList(ref reader, item)));

    /// <summary>A bag gives out the item first that its thread added last.</summary>
    private static ConcurrentBag<T> ConcurrentBag<T>(ref JsonReader reader, ValueConverter<T> item) => [.. Enumerable.Reverse(SequenceReader.ReadList(ref reader, item))];

    private static ImmutableArray<T> ImmutableArray<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    private static ImmutableList<T> ImmutableList<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    private static ImmutableQueue<T> ImmutableQueue<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    private static ImmutableStack<T> ImmutableStack<T>(ref JsonReader reader, ValueConverter<T> item) => [.. Enumerable.Reverse(SequenceReader.ReadList(ref reader, item))];

    private static SortedSet<T> SortedSet<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    private static FrozenSet<T> FrozenSet<T>(ref JsonReader reader, ValueConverter<T> item) => HashSet(ref reader, item) is var set ? set.ToFrozenSet(set.Comparer) : null!;

    private static ImmutableHashSet<T> ImmutableHashSet<T>(ref JsonReader reader, ValueConverter<T> item) => HashSet(ref reader, item) is var set ? set.ToImmutableHashSet(set.Comparer) : null!;

    private static ImmutableSortedSet<T> ImmutableSortedSet<T>(ref JsonReader reader, ValueConverter<T> item) => [.. SequenceReader.ReadList(ref reader, item)];

    private static TSequence Filled<TSequence, T>(ref JsonReader reader, ValueConverter<T> item)
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
}
