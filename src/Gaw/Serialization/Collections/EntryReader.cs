using Gaw.Json;
using Gaw.Serialization.Collections.Keys;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>Reads the entries of a dictionary: an object, or the inside of a typed object of a class that is not known here. Of doubled keys the last wins.</summary>
/// <param name="keys">Converts the keys.</param>
/// <param name="values">Converts the values.</param>
/// <param name="dictionary">The type that is read, for messages.</param>
internal sealed class EntryReader<TKey, TValue>(KeyConverter<TKey> keys, ValueConverter<TValue> values, Type dictionary)
    where TKey : notnull
{
    /// <summary>Consumes the object.</summary>
    /// <param name="reader">Stands before it.</param>
    public Dictionary<TKey, TValue> Read(ref JsonReader reader) => Read(ref reader, isContent: false);

    /// <param name="reader">Stands before the object.</param>
    /// <param name="isContent">Whether this is the inside of a marked value, where the marker keys are names like any others.</param>
    private Dictionary<TKey, TValue> Read(ref JsonReader reader, bool isContent)
    {
        JsonReader start = reader;
        Dictionary<TKey, TValue> entries = new Dictionary<TKey, TValue>();
        Dictionary<TKey, TValue>? content = null;
        HashFloodGuard<TKey>? guard = null;
        bool hasTag = false;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (!isContent && name.Equals(Markers.Value) && reader.Peek() is not JsonKind.Null)
            {
                content = reader.Peek() is JsonKind.Object ? Read(ref reader, isContent: true) : throw ReadErrors.Mismatch(TypeNames.Friendly(dictionary), ref start);
            }
            else if (!isContent && name.Equals(Markers.Tag) && reader.Peek() is not JsonKind.Null)
            {
                hasTag = reader.Peek() is JsonKind.String && !Markers.IsBuiltIn(reader.ReadString()) ? true : throw ReadErrors.Mismatch(TypeNames.Friendly(dictionary), ref start);
            }
            else
            {
                ReadEntry(ref reader, name, entries);
                if (guard is null && HashFloodGuard<TKey>.IsNeeded(entries.Count))
                {
                    entries = new Dictionary<TKey, TValue>(entries, guard = new HashFloodGuard<TKey>(EqualityComparer<TKey>.Default));
                }
            }
        }

        guard?.Filled();
        return (content is not null) == hasTag ? content ?? entries : throw MarkerErrors.Incomplete(hasTag ? Markers.TagKey : Markers.ValueKey);
    }

    private void ReadEntry(ref JsonReader reader, JsonText name, Dictionary<TKey, TValue> entries)
    {
        try
        {
            entries[keys.Read(name)] = values.Read(ref reader)!;
        }
        catch (GawSerializationException e) when (e.Within($"[\"{name.ToString()}\"]"))
        {
            throw;
        }
    }
}
