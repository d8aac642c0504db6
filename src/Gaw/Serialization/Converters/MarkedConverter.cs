using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>What converters of marked values share: one pass over <c>{"_v": ..., "_t": ...}</c> in any order of keys.</summary>
internal abstract class MarkedConverter<T> : ValueConverter<T>
{
    /// <summary>Consumes a marked value, or what may stand in its place: null, or the content without its mark.</summary>
    public override T? Read(ref JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.Object:
                return ReadMarked(ref reader);
            case JsonKind.Null when AllowsNull:
                reader.ReadNull();
                return default;
            default:
                return ReadContent(ref reader);
        }
    }

    /// <summary>Whether a value under this tag can be read as the type.</summary>
    protected abstract bool Accepts(JsonText tag);

    /// <summary>Consumes what stands under <c>_v</c>; it is not null.</summary>
    /// <exception cref="GawSerializationException">It is no such content.</exception>
    protected abstract T ReadContent(ref JsonReader reader);

    /// <summary>Consumes a marked value, its opening brace included.</summary>
    protected T ReadMarked(ref JsonReader reader)
    {
        JsonReader start = reader;
        reader.BeginObject();
        return reader.NextProperty(out JsonText first) ? ReadMarked(ref reader, first, start) : throw Mismatch(ref start);
    }

    /// <summary>Consumes a marked value whose first name has been read.</summary>
    /// <param name="reader">Stands before the value of the first name.</param>
    /// <param name="name">The first name.</param>
    /// <param name="start">Stands before the opening brace, to describe what came.</param>
    protected T ReadMarked(ref JsonReader reader, JsonText name, JsonReader start)
    {
        T? value = default;
        bool hasValue = false;
        bool hasTag = false;
        do
        {
            if (name.Equals(Markers.Value))
            {
                hasValue = reader.Peek() is not JsonKind.Null;
                if (hasValue)
                {
                    value = ReadContent(ref reader);
                }
                else
                {
                    reader.ReadNull();
                }
            }
            else if (name.Equals(Markers.Tag))
            {
                hasTag = ReadTag(ref reader, start);
            }
            else
            {
                reader.Skip();
            }
        }
        while (reader.NextProperty(out name));

        return hasValue && hasTag ? value! : throw Incomplete(hasValue, hasTag, start);
    }

    private bool ReadTag(ref JsonReader reader, JsonReader start)
    {
        switch (reader.Peek())
        {
            case JsonKind.Null:
                reader.ReadNull();
                return false;
            case JsonKind.String when Accepts(reader.ReadText()):
                return true;
            default:
                throw Mismatch(ref start);
        }
    }

    private static GawSerializationException Incomplete(bool hasValue, bool hasTag, JsonReader start) =>
        hasValue == hasTag ? Mismatch(ref start) : MarkerProblem.Incomplete(hasValue ? Markers.ValueKey : Markers.TagKey);
}
