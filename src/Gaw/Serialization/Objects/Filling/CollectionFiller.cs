using System.Collections.Concurrent;
using Gaw.Serialization.Collections.Keys;

namespace Gaw.Serialization.Objects.Filling;

/// <summary>Empties a collection that exists and fills it with the items that came.</summary>
internal static class CollectionFiller
{
    /// <summary>Makes a collection hold these items, in the order in which it gives them out.</summary>
    /// <returns><see langword="false"/> when it cannot be changed.</returns>
    public static bool TryFill<T>(object existing, IReadOnlyCollection<T> items)
    {
        HashLoad.CheckItems(existing, items);
        switch (existing)
        {
            case ICollection<T> { IsReadOnly: false } collection:
                collection.Clear();
                return TryAdd(items, collection.Add);
            case Queue<T> queue:
                queue.Clear();
                return TryAdd(items, queue.Enqueue);
            case Stack<T> stack:
                stack.Clear();
                return TryAdd(items.Reverse(), stack.Push);
            case ConcurrentQueue<T> queue:
                queue.Clear();
                return TryAdd(items, queue.Enqueue);
            case ConcurrentStack<T> stack:
                stack.Clear();
                return TryAdd(items.Reverse(), stack.Push);
            case ConcurrentBag<T> bag:
                bag.Clear();
                return TryAdd(items.Reverse(), bag.Add);
            default:
                return false;
        }
    }

    /// <summary>Makes a dictionary hold these entries.</summary>
    /// <returns><see langword="false"/> when it cannot be changed.</returns>
    public static bool TryFill<TKey, TValue>(object existing, Dictionary<TKey, TValue> entries)
        where TKey : notnull
    {
        if (existing is not IDictionary<TKey, TValue> { IsReadOnly: false } dictionary)
        {
            return false;
        }

        HashLoad.Check(entries.Keys);
        dictionary.Clear();
        return TryAdd(entries, entry => dictionary[entry.Key] = entry.Value);
    }

    private static bool TryAdd<T>(IEnumerable<T> items, Action<T> add)
    {
        foreach (T item in items)
        {
            add(item);
        }

        return true;
    }
}
