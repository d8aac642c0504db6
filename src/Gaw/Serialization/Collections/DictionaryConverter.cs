using Gaw.Json;
using Gaw.Serialization.Collections.Keys;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>
/// Dictionaries, in their order. A typed object of a class that is not known here can be read as the dictionary of its members
/// (<see cref="EntryReader{TKey, TValue}"/>).
/// </summary>
internal sealed class DictionaryConverter<TDictionary, TKey, TValue> : ValueConverter<TDictionary>, IInPlaceConverter
    where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    /// <summary>Whether a value may be of a class that derives from the one declared.</summary>
    private static readonly bool MayBeDerived = typeof(TDictionary) is { IsClass: true, IsSealed: false };

    private readonly KeyConverter<TKey> _keys;
    private readonly ValueConverter<TValue> _values;
    private readonly EntryReader<TKey, TValue> _entries;
    private readonly Func<Dictionary<TKey, TValue>, TDictionary>? _finish;

    /// <summary>Makes the converter.</summary>
    /// <param name="keys">Converts the keys.</param>
    /// <param name="values">Converts the values.</param>
    /// <param name="finish">Makes the dictionary of the entries; <see langword="null"/> when it can be written only.</param>
    public DictionaryConverter(KeyConverter<TKey> keys, ValueConverter<TValue> values, Func<Dictionary<TKey, TValue>, TDictionary>? finish)
    {
        _keys = keys;
        _values = values;
        _entries = new EntryReader<TKey, TValue>(keys, values, typeof(TDictionary));
        _finish = finish;
        Unreadable = finish is null
            ? [new UnreadablePart("", $"{TypeNames.Friendly(typeof(TDictionary))} can be sent but not received, as nothing says how one is made. Take a Dictionary<{TypeNames.Friendly(typeof(TKey))}, {TypeNames.Friendly(typeof(TValue))}>.")]
            : UnreadablePart.Of([("[]", values)]);
    }

    /// <inheritdoc/>
    public bool TryFill(object existing, object content) => CollectionFiller.TryFill(existing, content as Dictionary<TKey, TValue> ?? new((IEnumerable<KeyValuePair<TKey, TValue>>)content));

    /// <inheritdoc/>
    public override TDictionary? Read(ref JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.Object when _finish is null:
                throw new GawSerializationException(Unreadable[0].Reason);
            case JsonKind.Object:
                return Finish(_entries.Read(ref reader));
            case JsonKind.Null when AllowsNull:
                reader.ReadNull();
                return default;
            default:
                throw Mismatch(ref reader);
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TDictionary? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        if (MayBeDerived && value.GetType() != typeof(TDictionary))
        {
            CollectionRules.CheckDerived(typeof(TDictionary), value.GetType());
        }

        TKey? current = default;
        bool mayClash = typeof(TKey) == typeof(object) || (value is Dictionary<TKey, TValue> known && Comparers.MayBeFiner(known.Comparer));
        HashSet<string>? texts = mayClash ? new(StringComparer.Ordinal) : null;
        writer.BeginObject();
        try
        {
            foreach ((TKey key, TValue item) in value)
            {
                current = key;
                if (item is not null && (typeof(TKey) == typeof(string) || typeof(TKey) == typeof(object)) && key is string text && Markers.IsMarkerKey(text))
                {
                    throw MarkerErrors.CannotCross(text);
                }

                if (texts is not null && !texts.Add(_keys.TextOf(key)))
                {
                    throw new GawSerializationException($"The dictionary has two keys that are \"{_keys.TextOf(key)}\" on the wire, where keys are texts. Use keys of {(typeof(TKey) == typeof(object) ? "one type" : "which no comparer has to tell two apart")}.");
                }

                _keys.Write(writer, key);
                _values.Write(writer, item);
            }
        }
        catch (GawSerializationException e) when (e.Within($"[\"{current}\"]"))
        {
            throw;
        }

        writer.EndObject();
    }

    private TDictionary Finish(Dictionary<TKey, TValue> entries)
    {
        try
        {
            return _finish!(entries);
        }
        catch (Exception e) when (ReadErrors.IsOfTheType(e))
        {
            throw ReadErrors.CannotMake(typeof(TDictionary), e);
        }
    }
}
