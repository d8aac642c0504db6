using Gaw.Json;
using Gaw.Serialization.Marking;

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

    /// <summary>Consumes what stands under <c>_v</c>, and says which name in it was passed over.</summary>
    protected virtual T ReadContent(ref JsonReader reader, out string? ignored)
    {
        ignored = null;
        return ReadContent(ref reader);
    }

    /// <summary>Whether a tag is that of another type, so that each name in the content has to fit.</summary>
    protected virtual bool IsForeign(JsonText tag) => false;

    /// <summary>A name of a foreign value does not fit.</summary>
    protected virtual GawSerializationException Unfitting(string name) => throw new InvalidOperationException(name);

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
        string? ignored = null;
        bool isForeign = false;
        do
        {
            if (name.Equals(Markers.Value))
            {
                hasValue = reader.Peek() is not JsonKind.Null;
                if (hasValue)
                {
                    value = ReadContent(ref reader, start, out ignored);
                }
                else
                {
                    reader.ReadNull();
                }
            }
            else if (name.Equals(Markers.Tag))
            {
                hasTag = ReadTag(ref reader, start, out isForeign);
            }
            else
            {
                reader.Skip();
            }
        }
        while (reader.NextProperty(out name));

        if (!hasValue || !hasTag)
        {
            throw Incomplete(hasValue, hasTag, start);
        }

        return ignored is null || !isForeign ? value! : throw Unfitting(ignored);
    }

    /// <summary>A value of another tag came.</summary>
    protected virtual GawSerializationException Unaccepted(ref JsonReader start) => Mismatch(ref start);

    /// <summary>Reads the content; where it does not fit because it is of another tag, which mostly comes after it, that is the problem to tell.</summary>
    private T ReadContent(ref JsonReader reader, JsonReader start, out string? ignored)
    {
        try
        {
            return ReadContent(ref reader, out ignored);
        }
        catch (GawSerializationException e) when (e.ValuePath.Length == 0)
        {
            if (IsOfAnotherTag(start))
            {
                throw Unaccepted(ref start);
            }

            throw;
        }
    }

    private bool IsOfAnotherTag(JsonReader reader)
    {
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(Markers.Tag) && reader.Peek() is JsonKind.String)
            {
                return !Accepts(reader.ReadText());
            }

            reader.Skip();
        }

        return false;
    }

    private bool ReadTag(ref JsonReader reader, JsonReader start, out bool isForeign)
    {
        isForeign = false;
        switch (reader.Peek())
        {
            case JsonKind.Null:
                reader.ReadNull();
                return false;
            case JsonKind.String:
                JsonText tag = reader.ReadText();
                isForeign = IsForeign(tag);
                return Accepts(tag) ? true : throw Unaccepted(ref start);
            default:
                throw Unaccepted(ref start);
        }
    }

    private static GawSerializationException Incomplete(bool hasValue, bool hasTag, JsonReader start) =>
        hasValue == hasTag ? Mismatch(ref start) : MarkerErrors.Incomplete(hasValue ? Markers.ValueKey : Markers.TagKey);
}
