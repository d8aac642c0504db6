using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;
using Gaw.Serialization.Collections.Keys;

namespace Gaw.Serialization.Collections;

/// <summary>Which dictionary types there are, and how each is made of its entries.</summary>
internal static class DictionaryFactories
{
    private static readonly Dictionary<Type, string> Makers = new()
    {
        [typeof(Dictionary<,>)] = nameof(Same),
        [typeof(IDictionary<,>)] = nameof(Same),
        [typeof(IReadOnlyDictionary<,>)] = nameof(Same),
        [typeof(SortedDictionary<,>)] = nameof(Sorted),
        [typeof(SortedList<,>)] = nameof(SortedList),
        [typeof(OrderedDictionary<,>)] = nameof(Ordered),
        [typeof(ConcurrentDictionary<,>)] = nameof(Concurrent),
        [typeof(ReadOnlyDictionary<,>)] = nameof(ReadOnly),
        [typeof(FrozenDictionary<,>)] = nameof(Frozen),
        [typeof(ImmutableDictionary<,>)] = nameof(Immutable),
        [typeof(IImmutableDictionary<,>)] = nameof(Immutable),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(ImmutableSorted),
    };

    /// <summary>How to make a dictionary type; <see langword="null"/> when it can be written only.</summary>
    public static Delegate? Maker(Type dictionary, Type key, Type value)
    {
        if (GeneratedConverters.Find(typeof(DictionaryFactories), dictionary) is { } compiled)
        {
            return compiled;
        }

        Type shape = typeof(Func<,>).MakeGenericType(typeof(Dictionary<,>).MakeGenericType(key, value), dictionary);
        if (dictionary.IsGenericType && Makers.TryGetValue(dictionary.GetGenericTypeDefinition(), out string? maker))
        {
            return Find(maker).MakeGenericMethod(key, value).CreateDelegate(shape);
        }

        bool canBeFilled = !dictionary.IsAbstract && typeof(IDictionary<,>).MakeGenericType(key, value).IsAssignableFrom(dictionary)
            && (dictionary.IsValueType || dictionary.GetConstructor(Type.EmptyTypes) is not null);
        return canBeFilled ? Find(nameof(Filled)).MakeGenericMethod(dictionary, key, value).CreateDelegate(shape) : null;
    }

    private static MethodInfo Find(string name) => typeof(DictionaryFactories).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static Dictionary<TKey, TValue> Same<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries;

    private static SortedDictionary<TKey, TValue> Sorted<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => new(entries);

    private static SortedList<TKey, TValue> SortedList<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => new(entries);

    private static OrderedDictionary<TKey, TValue> Ordered<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => new(entries, entries.Comparer);

    private static ConcurrentDictionary<TKey, TValue> Concurrent<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => new(entries, entries.Comparer);

    private static ReadOnlyDictionary<TKey, TValue> ReadOnly<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => new(entries);

    private static FrozenDictionary<TKey, TValue> Frozen<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries.ToFrozenDictionary(entries.Comparer);

    private static ImmutableDictionary<TKey, TValue> Immutable<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries.ToImmutableDictionary(entries.Comparer);

    private static ImmutableSortedDictionary<TKey, TValue> ImmutableSorted<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries.ToImmutableSortedDictionary();

    private static TDictionary Filled<TDictionary, TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TDictionary : IDictionary<TKey, TValue>, new()
        where TKey : notnull
    {
        TDictionary dictionary = new();
        if (dictionary.Count > 0)
        {
            dictionary.Clear();
        }

        HashLoad.Check(entries.Keys);
        foreach ((TKey key, TValue value) in entries)
        {
            dictionary.Add(key, value);
        }

        return dictionary;
    }
}
