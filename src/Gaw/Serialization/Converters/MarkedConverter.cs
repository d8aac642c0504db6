using System.Runtime.CompilerServices;
using Gaw.Json;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Converters;

/// <summary>The base of converters of marked values: reads <c>{"_v": ..., "_t": ...}</c> in one pass, in any order of the keys.</summary>
internal abstract class MarkedConverter<T> : ValueConverter<T>
{
    /// <summary>Consumes a marked value, or one of its substitutes: null, or the content without its mark.</summary>
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

    /// <summary>Consumes the value of <c>_v</c>; it is not null.</summary>
    /// <exception cref="GawSerializationException">It is no such content.</exception>
    protected abstract T ReadContent(ref JsonReader reader);

    /// <summary>Consumes the value of <c>_v</c>, and gives the first name in it that was passed over.</summary>
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
        return reader.NextProperty(out JsonText first) ? ReadMarked(ref reader, first, in start) : throw Mismatch(ref start);
    }

    /// <summary>Consumes a marked value whose first name has been read.</summary>
    /// <param name="reader">Stands before the value of the first name.</param>
    /// <param name="name">The first name.</param>
    /// <param name="start">Stands before the opening brace, to describe what came.</param>
    protected T ReadMarked(ref JsonReader reader, JsonText name, scoped in JsonReader start)
    {
        MarkedParts parts = default;
        ReadPart(ref reader, name, in start, ref parts);
        return ReadRest(ref reader, in start, ref parts);
    }

    /// <summary>Consumes a marked value whose bytes begin as writers of both languages make them; mostly they end so, too.</summary>
    /// <param name="reader">Stands before the opening brace.</param>
    /// <param name="marks">The bytes around the content.</param>
    /// <param name="value">What was read.</param>
    /// <returns><see langword="false"/>: they begin otherwise. Nothing was consumed.</returns>
    protected bool TryReadUsual(ref JsonReader reader, MarkRuns marks, out T value)
    {
        JsonReader.Place start = reader.Here;
        if (!MarkRuns.TryBegin(ref reader))
        {
            value = default!;
            return false;
        }

        value = ReadContent(ref reader, start, out string? ignored);
        if (!marks.TryEnd(ref reader))
        {
            value = ReadRest(ref reader, start, value, ignored);
        }

        return true;
    }

    /// <summary>A value of another tag came.</summary>
    protected virtual GawSerializationException Unaccepted(ref JsonReader start) => Mismatch(ref start);

    /// <summary>Reads the content. Where it does not fit, and belongs to another tag, the tag is the problem to tell: it mostly comes later.</summary>
    private T ReadContent(ref JsonReader reader, JsonReader.Place start, out string? ignored)
    {
        try
        {
            return ReadContent(ref reader, out ignored);
        }
        catch (GawSerializationException e) when (e.ValuePath.Length == 0)
        {
            ThrowIfOfAnotherTag(ref reader, start);
            throw;
        }
    }

    private void ThrowIfOfAnotherTag(ref JsonReader reader, JsonReader.Place start)
    {
        reader.Return(start);
        if (IsOfAnotherTag(reader))
        {
            throw Unaccepted(ref reader);
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

    private void ReadPart(ref JsonReader reader, JsonText name, scoped in JsonReader start, ref MarkedParts parts)
    {
        if (name.Equals(Markers.Value))
        {
            parts.HasValue = reader.Peek() is not JsonKind.Null;
            if (parts.HasValue)
            {
                parts.Value = ReadContent(ref reader, start.Here, out parts.Ignored);
            }
            else
            {
                reader.ReadNull();
            }
        }
        else if (name.Equals(Markers.Tag))
        {
            parts.HasTag = ReadTag(ref reader, in start, out parts.IsForeign);
        }
        else
        {
            reader.Skip();
        }
    }

    /// <summary>This stands apart so that the usual way does not reserve these locals.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private T ReadRest(ref JsonReader reader, JsonReader.Place start, T value, string? ignored)
    {
        JsonReader before = reader;
        before.Return(start);
        MarkedParts parts = new MarkedParts { HasValue = true, Value = value, Ignored = ignored };
        return ReadRest(ref reader, in before, ref parts);
    }

    private T ReadRest(ref JsonReader reader, scoped in JsonReader start, ref MarkedParts parts)
    {
        while (reader.NextProperty(out JsonText name))
        {
            ReadPart(ref reader, name, in start, ref parts);
        }

        if (!parts.HasValue || !parts.HasTag)
        {
            throw Incomplete(parts.HasValue, parts.HasTag, start);
        }

        return parts.Ignored is null || !parts.IsForeign ? parts.Value! : throw Unfitting(parts.Ignored);
    }

    private bool ReadTag(ref JsonReader reader, scoped in JsonReader start, out bool isForeign)
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
                return Accepts(tag) ? true : throw Unaccepted(start);
            default:
                throw Unaccepted(start);
        }
    }

    private GawSerializationException Unaccepted(JsonReader start) => Unaccepted(ref start);

    private static GawSerializationException Incomplete(bool hasValue, bool hasTag, JsonReader start) =>
        hasValue == hasTag ? Mismatch(ref start) : MarkerErrors.Incomplete(hasValue ? Markers.ValueKey : Markers.TagKey);

    /// <summary>The parts of a marked value that have been read.</summary>
    private struct MarkedParts
    {
        public T? Value;
        public bool HasValue;
        public bool HasTag;

        /// <summary>A name in the content that was passed over.</summary>
        public string? Ignored;

        /// <summary>The tag is that of another type.</summary>
        public bool IsForeign;
    }
}
