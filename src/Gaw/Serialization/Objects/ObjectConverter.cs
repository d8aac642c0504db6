using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Shapes;

namespace Gaw.Serialization.Objects;

/// <summary>
/// Records, classes and structs. A registered one goes out under its tag, another one as a plain object. Both are read from either form; a tag
/// that is registered for a derived type makes that type. A type without a tag of its own takes any unknown tag when the members fit: that is
/// how the class of a Python peer is read.
/// </summary>
internal sealed class ObjectConverter<T> : MarkedConverter<T>, IObjectContentReader, IInPlaceConverter
{
    private readonly ObjectTag _tag;
    private readonly MarkRuns? _marks;
    private readonly ObjectContent<T> _content;
    private readonly Subtypes<T> _subtypes;

    /// <summary>Makes the converter.</summary>
    /// <param name="serializer">Knows the converters of other types.</param>
    /// <param name="shape">The members.</param>
    /// <param name="tag">The name on the wire; <see langword="null"/> for a plain object.</param>
    public ObjectConverter(ValueSerializer serializer, ObjectShape shape, string? tag)
    {
        _subtypes = new Subtypes<T>(serializer);
        _content = new ObjectContent<T>(serializer, shape);
        _tag = new ObjectTag(typeof(T), tag, serializer.Registry);
        _marks = tag is null ? null : new MarkRuns(tag);
        Unreadable = _content.Unreadable;
    }

    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.Object:
                return ReadObject(ref reader);
            case JsonKind.Null when AllowsNull:
                reader.ReadNull();
                return default;
            default:
                throw Mismatch(ref reader);
        }
    }

    /// <inheritdoc/>
    public object ReadContentBoxed(ref JsonReader reader) => ReadContent(ref reader)!;

    /// <inheritdoc/>
    public bool TryFill(object existing, object content) => _content.TryFill(existing, content);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else if (Subtypes<T>.IsOne(value))
        {
            _subtypes.WriterOf(value).WriteBoxed(writer, value);
        }
        else if (_marks is null)
        {
            _content.Write(writer, value);
        }
        else
        {
            MarkRuns.Begin(writer);
            _content.Write(writer, value);
            _marks.End(writer);
        }
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => _tag.Accepts(tag);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader) => ReadContent(ref reader, out _);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader, out string? ignored) => _content.Read(ref reader, hasBegun: false, out ignored);

    /// <inheritdoc/>
    protected override bool IsForeign(JsonText tag) => _tag.IsForeign(tag);

    /// <inheritdoc/>
    protected override GawSerializationException Unfitting(string name) => _content.Errors.Unknown(name);

    /// <inheritdoc/>
    protected override GawSerializationException Unaccepted(ref JsonReader start) => _tag.Unaccepted(ref start);

    private T ReadObject(ref JsonReader reader)
    {
        if (!_subtypes.Exist && TryReadUsual(ref reader, out T usual))
        {
            return usual;
        }

        return ReadAnyObject(ref reader);
    }

    /// <summary>Consumes an object in the form that writers of both languages give it.</summary>
    /// <returns><see langword="false"/>: it has another form. Nothing was consumed.</returns>
    private bool TryReadUsual(ref JsonReader reader, out T usual)
    {
        if (_marks is not null)
        {
            return TryReadUsual(ref reader, _marks, out usual);
        }

        JsonReader.Place start = reader.Here;
        reader.BeginObject();
        if (_content.IsFirstAhead(ref reader))
        {
            usual = _content.Read(ref reader, hasBegun: true, out _);
            return true;
        }

        reader.Return(start);
        usual = default!;
        return false;
    }

    private T ReadAnyObject(ref JsonReader reader)
    {
        bool hasSubtypes = _subtypes.Exist;
        if (hasSubtypes)
        {
            reader.RememberSkips();
        }

        JsonReader start = reader;
        reader.BeginObject();
        if (hasSubtypes)
        {
            if (_subtypes.FindReader(reader) is { } subtype)
            {
                reader = start;
                return (T)subtype.ReadBoxed(ref reader)!;
            }

            JsonReader.Place inside = reader.Here;
            reader.Return(start.Here);
            if (TryReadUsual(ref reader, out T usual))
            {
                return usual;
            }

            reader.Return(inside);
        }

        if (!reader.NextProperty(out JsonText first))
        {
            reader = start;
            return ReadContent(ref reader);
        }

        if (first.Equals(Markers.Value) || first.Equals(Markers.Tag))
        {
            return ReadMarked(ref reader, first, in start);
        }

        reader = start;
        return _tag.IsGiven && Markers.IsTagInside(ref reader) ? ReadMarked(ref reader) : ReadContent(ref reader);
    }
}
