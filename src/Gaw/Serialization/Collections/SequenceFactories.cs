using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;

namespace Gaw.Serialization.Collections;

/// <summary>Which sequence types there are, and how each is made.</summary>
internal static class SequenceFactories
{
    private static readonly Dictionary<Type, string> Makers = new()
    {
        [typeof(List<>)] = nameof(SequenceMakers.List),
        [typeof(IList<>)] = nameof(SequenceMakers.List),
        [typeof(ICollection<>)] = nameof(SequenceMakers.List),
        [typeof(IEnumerable<>)] = nameof(SequenceMakers.List),
        [typeof(IReadOnlyList<>)] = nameof(SequenceMakers.List),
        [typeof(IReadOnlyCollection<>)] = nameof(SequenceMakers.List),
        [typeof(Collection<>)] = nameof(SequenceMakers.Collection),
        [typeof(ObservableCollection<>)] = nameof(SequenceMakers.Observable),
        [typeof(ReadOnlyCollection<>)] = nameof(SequenceMakers.ReadOnly),
        [typeof(LinkedList<>)] = nameof(SequenceMakers.Linked),
        [typeof(Queue<>)] = nameof(SequenceMakers.Queue),
        [typeof(Stack<>)] = nameof(SequenceMakers.Stack),
        [typeof(ConcurrentQueue<>)] = nameof(SequenceMakers.ConcurrentQueue),
        [typeof(ConcurrentStack<>)] = nameof(SequenceMakers.ConcurrentStack),
        [typeof(ConcurrentBag<>)] = nameof(SequenceMakers.ConcurrentBag),
        [typeof(ImmutableArray<>)] = nameof(SequenceMakers.ImmutableArray),
        [typeof(ImmutableList<>)] = nameof(SequenceMakers.ImmutableList),
        [typeof(IImmutableList<>)] = nameof(SequenceMakers.ImmutableList),
        [typeof(ImmutableQueue<>)] = nameof(SequenceMakers.ImmutableQueue),
        [typeof(ImmutableStack<>)] = nameof(SequenceMakers.ImmutableStack),
        [typeof(HashSet<>)] = nameof(SequenceMakers.HashSet),
        [typeof(ISet<>)] = nameof(SequenceMakers.HashSet),
        [typeof(IReadOnlySet<>)] = nameof(SequenceMakers.HashSet),
        [typeof(SortedSet<>)] = nameof(SequenceMakers.SortedSet),
        [typeof(FrozenSet<>)] = nameof(SequenceMakers.FrozenSet),
        [typeof(ImmutableHashSet<>)] = nameof(SequenceMakers.ImmutableHashSet),
        [typeof(IImmutableSet<>)] = nameof(SequenceMakers.ImmutableHashSet),
        [typeof(ImmutableSortedSet<>)] = nameof(SequenceMakers.ImmutableSortedSet),
    };

    /// <summary>How to read a sequence type; <see langword="null"/> when it can be written only.</summary>
    public static Delegate? Reader(Type sequence, Type item)
    {
        if (GeneratedConverters.Find(typeof(SequenceFactories), sequence) is { } compiled)
        {
            return compiled;
        }

        Type shape = typeof(SequenceRead<,>).MakeGenericType(sequence, item);
        string? maker = sequence.IsArray ? nameof(SequenceMakers.Array) : sequence.IsGenericType ? Makers.GetValueOrDefault(sequence.GetGenericTypeDefinition()) : null;
        if (maker is not null)
        {
            return Maker(maker).MakeGenericMethod(item).CreateDelegate(shape);
        }

        bool canBeFilled = CanBeMade(sequence, item) && !IsReadOnly(sequence, item);
        return canBeFilled ? Maker(nameof(SequenceMakers.Filled)).MakeGenericMethod(sequence, item).CreateDelegate(shape) : null;
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
            return (bool)Maker(nameof(SequenceMakers.IsReadOnlyFromTheStart)).MakeGenericMethod(sequence, item).Invoke(null, null)!;
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

    private static bool CanBeMade(Type sequence, Type item) => sequence is { IsAbstract: false } && typeof(ICollection<>).MakeGenericType(item).IsAssignableFrom(sequence)
        && (sequence.IsValueType || sequence.GetConstructor(Type.EmptyTypes) is not null);

    private static MethodInfo Maker(string name) => typeof(SequenceMakers).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!;
}
