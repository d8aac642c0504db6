using Gaw.Json;
using Gaw.Serialization.Collections.Keys;

namespace Gaw.Serialization.Collections;

/// <summary>Reads the items of a plain array.</summary>
internal static class SequenceReader
{
    /// <summary>Consumes an array into a list.</summary>
    public static List<T> ReadList<T>(ref JsonReader reader, ValueConverter<T> converter)
    {
        List<T> items = new List<T>();
        reader.BeginArray();
        try
        {
            while (reader.NextItem())
            {
                items.Add(converter.Read(ref reader)!);
            }
        }
        catch (GawSerializationException e) when (e.Within($"[{items.Count}]"))
        {
            throw;
        }

        return items;
    }

    /// <summary>Consumes an array into a set; the first of equal items stays.</summary>
    public static HashSet<T> ReadSet<T>(ref JsonReader reader, ValueConverter<T> converter, IEqualityComparer<T> comparer)
    {
        HashSet<T> items = new HashSet<T>(comparer);
        HashFloodGuard<T>? guard = null;
        int index = 0;
        reader.BeginArray();
        try
        {
            for (; reader.NextItem(); index++)
            {
                items.Add(converter.Read(ref reader)!);
                if (guard is null && HashFloodGuard<T>.IsNeeded(items.Count))
                {
                    items = new HashSet<T>(items, guard = new HashFloodGuard<T>(comparer));
                }
            }
        }
        catch (GawSerializationException e) when (e.Within($"[{index}]"))
        {
            throw;
        }

        guard?.Filled();
        return items;
    }
}
