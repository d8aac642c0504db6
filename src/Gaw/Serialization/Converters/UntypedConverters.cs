using System.Collections;
using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>Sequences without an item type, such as <see cref="ArrayList"/>: lists of whatever they hold.</summary>
internal sealed class UntypedSequenceConverter<T>(ValueConverter<List<object?>> list) : ValueConverter<T>
    where T : class, IEnumerable
{
    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader) => typeof(T).IsAssignableFrom(typeof(List<object?>)) ? (T?)(object?)list.Read(ref reader) : throw Mismatch(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value) => list.Write(writer, value is null ? null : [.. value.Cast<object?>()]);
}

/// <summary>Dictionaries without key and value types, such as <see cref="Hashtable"/>.</summary>
internal sealed class UntypedDictionaryConverter<T>(ValueConverter<Dictionary<object, object?>> dictionary) : ValueConverter<T>
    where T : class, IDictionary
{
    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader) => typeof(T) == typeof(IDictionary) ? (T?)(object?)dictionary.Read(ref reader) : throw Mismatch(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        var entries = new Dictionary<object, object?>();
        foreach (DictionaryEntry entry in value)
        {
            entries.Add(entry.Key, entry.Value);
        }

        dictionary.Write(writer, entries);
    }
}
