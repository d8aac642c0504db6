using System.Collections;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>Dictionaries without key and value types, such as <see cref="Hashtable"/>.</summary>
internal sealed class UntypedDictionaryConverter<T> : ValueConverter<T>
    where T : class, IDictionary
{
    private readonly ValueConverter<Dictionary<object, object?>> _dictionary;

    /// <summary>Makes the converter.</summary>
    /// <param name="dictionary">Converts the entries.</param>
    public UntypedDictionaryConverter(ValueConverter<Dictionary<object, object?>> dictionary)
    {
        _dictionary = dictionary;
        Unreadable = typeof(T) == typeof(IDictionary) ? []
            : [new UnreadablePart("", $"{TypeNames.Friendly(typeof(T))} can be sent but not received, as nothing says what its keys and values are. Take a Dictionary<string, object>.")];
    }

    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader) => Unreadable is [] || reader.Peek() is JsonKind.Null
        ? (T?)(object?)_dictionary.Read(ref reader)
        : throw new GawSerializationException(Unreadable[0].Reason);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        Dictionary<object, object?> entries = new Dictionary<object, object?>();
        foreach (DictionaryEntry entry in value)
        {
            entries.Add(entry.Key, entry.Value);
        }

        _dictionary.Write(writer, entries);
    }
}
