using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections.Keys;

/// <summary>
/// Refuses keys from a peer that would collide in a hash table of the program, before they go there. Such a table has a comparer of its own, so that
/// <see cref="HashFloodGuard{T}"/> cannot stand in it.
/// </summary>
internal static class HashLoad
{
    private const int LeastCost = 10_000;
    private const int CostPerKey = 16;

    /// <summary>A collection that may be a plain list is let through up to here, as its items may be evenly spaced for good reasons. About a tenth of a second.</summary>
    private const int LeastCostOfItems = 50_000_000;

    /// <summary>The sizes of a growing table of .NET: each is the first of its primes above the double of the last.</summary>
    private static readonly int[] Sizes =
        [3, 7, 17, 37, 89, 197, 431, 919, 1931, 4049, 8419, 17519, 36353, 75431, 156437, 324449, 672827, 1395263, 2893249, 5999471, 11998949, 23997907];

    /// <summary>Looks at the keys in each of the sizes that a table takes while it grows.</summary>
    /// <exception cref="GawSerializationException">Too many of them fall into one bucket.</exception>
    public static void Check<T>(IReadOnlyCollection<T> keys) => Check(keys, LeastCost);

    /// <summary>Looks at the items of a collection that exists: a class of the user's may keep them, or their keys, in a hash table, whatever it shows.</summary>
    /// <exception cref="GawSerializationException">Too many of them fall into one bucket.</exception>
    public static void CheckItems<T>(object collection, IReadOnlyCollection<T> items)
    {
        if (collection is ISet<T>)
        {
            Check(items);
        }
        else if (items.Count <= HashFloodGuard<T>.HarmlessCount || FrameworkTypes.Contain(collection.GetType()))
        {
            // The framework's own lists and queues hash nothing.
        }
        else if (KeyedItems.KeysOf(collection, items) is { } keys)
        {
            Check(keys);
        }
        else if (typeof(T) != typeof(string))
        {
            CheckDistinct(items);
        }
    }

    /// <summary>Equal items are no attack on a list, so each counts once.</summary>
    private static void CheckDistinct<T>(IReadOnlyCollection<T> items)
    {
        HashSet<T> distinct = new(new HashFloodGuard<T>(EqualityComparer<T>.Default));
        try
        {
            distinct.UnionWith(items);
        }
        catch (Exception e) when (e is not GawSerializationException)
        {
            // Items that cannot be hashed stand in no hash table.
            return;
        }

        Check(distinct, LeastCostOfItems);
    }

    private static void Check<T>(IReadOnlyCollection<T> keys, int leastCost)
    {
        // Texts are hashed with a secret of the process.
        if (keys.Count <= HashFloodGuard<T>.HarmlessCount || typeof(T) == typeof(string))
        {
            return;
        }

        uint[] codes = [.. keys.Select(static key => key is null ? 0u : (uint)EqualityComparer<T>.Default.GetHashCode(key))];
        foreach (int size in Sizes)
        {
            CheckSize<T>(codes.AsSpan(0, Math.Min(size, codes.Length)), size, leastCost);
            if (size >= codes.Length)
            {
                return;
            }
        }
    }

    private static void CheckSize<T>(ReadOnlySpan<uint> codes, int size, int leastCost)
    {
        int[] places = new int[size];
        long cost = 0;
        foreach (uint code in codes)
        {
            cost += places[code % (uint)size]++;
        }

        if (cost > leastCost + (codes.Length * (long)CostPerKey))
        {
            throw new GawSerializationException($"Too many of the keys have the same place in a hash table ({TypeNames.Friendly(typeof(T))}); they were chosen to be slow.");
        }
    }
}
