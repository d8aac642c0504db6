using System.Collections.ObjectModel;
using System.Reflection;

namespace Gaw.Serialization.Collections;

/// <summary>A <see cref="KeyedCollection{TKey, TItem}"/> hashes a part of each item, which only its own class knows.</summary>
internal static class KeyedItems
{
    private static readonly MethodInfo GetKeyForItem = typeof(KeyedCollection<,>).GetMethod("GetKeyForItem", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>The distinct keys of items that are about to be added; <see langword="null"/> where the collection has none, or they are texts, which .NET guards itself.</summary>
    public static IReadOnlyCollection<object?>? KeysOf<T>(object collection, IReadOnlyCollection<T> items)
    {
        Type? keyed = collection.GetType();
        while (keyed is not null && !(keyed.IsGenericType && keyed.GetGenericTypeDefinition() == typeof(KeyedCollection<,>)))
        {
            keyed = keyed.BaseType;
        }

        if (keyed is null)
        {
            return null;
        }

        MethodBase getKey = MethodBase.GetMethodFromHandle(GetKeyForItem.MethodHandle, keyed.TypeHandle)!;
        try
        {
            return [.. items.Select(item => getKey.Invoke(collection, [item]))];
        }
        catch (TargetInvocationException e)
        {
            // The collection would meet the same.
            throw ReadErrors.CannotMake(collection.GetType(), e.InnerException!);
        }
    }
}
