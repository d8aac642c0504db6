using System.Text;
using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects;

/// <summary>
/// Records, classes and structs. A registered one goes out under its tag, another one as a plain object. Both are read from either form; a tag
/// that is registered for a derived type makes that type. A type without a tag of its own takes any unknown tag when the members fit: that is
/// how the class of a Python peer is read.
/// </summary>
internal sealed class ObjectConverter<T> : MarkedConverter<T>, IObjectContentReader, IInPlaceConverter
{
    private readonly ValueSerializer _serializer;
    private readonly ObjectShape _shape;
    private readonly string? _tag;
    private readonly byte[]? _tagBytes;
    private readonly MarkRuns? _marks;
    private readonly byte[] _name = Encoding.UTF8.GetBytes(TypeNames.Bare(typeof(T)));
    private readonly MemberTable _names;
    private readonly ValueConverter[] _readers;
    private readonly ObjectReader<T>? _read;
    private readonly ObjectMembersWriter<T> _write;
    private readonly Subtypes<T> _subtypes;

    /// <summary>Makes the converter.</summary>
    /// <param name="serializer">Knows the converters of other types.</param>
    /// <param name="shape">The members.</param>
    /// <param name="tag">The name on the wire; <see langword="null"/> for a plain object.</param>
    public ObjectConverter(ValueSerializer serializer, ObjectShape shape, string? tag)
    {
        _serializer = serializer;
        _subtypes = new Subtypes<T>(serializer);
        _shape = shape;
        _tag = tag;
        _tagBytes = tag is null ? null : Encoding.UTF8.GetBytes(tag);
        _marks = tag is null ? null : new MarkRuns(tag);
        ValueConverter[] writers = [.. shape.Members.Select(member => MemberConverter(member, member.SourceType))];
        _readers = shape.CannotBeMade is null ? [.. shape.Members.Select(member => MemberConverter(member, member.Type))] : [];
        _names = new MemberTable(shape, _readers, serializer.IgnoresUnknownMembers(typeof(T)));
        _read = shape.CannotBeMade is null ? ObjectCompiler.Reader<T>(shape, _names, _readers) : null;
        _write = ObjectCompiler.Writer<T>(shape, _names, writers);
        Unreadable = shape.CannotBeMade is { } reason
            ? [new UnreadablePart("", reason)]
            : UnreadablePart.Of(_readers.Select((reader, index) => (shape.Members[index].WireName, reader)));
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
    public bool TryFill(object existing, object content)
    {
        if (existing.GetType() != content.GetType())
        {
            return false;
        }

        for (int index = 0; index < _readers.Length; index++)
        {
            MemberSource source = _shape.Members[index].Source;
            object? value = source.Get(content);
            if (source.IsSettable)
            {
                source.Set(existing, value);
            }
            else
            {
                object? behind = _shape.Members[index].InPlaceField?.GetValue(existing);
                _names.InPlace.Fill(index, source.Get(existing), behind, value);
                if (behind is not null)
                {
                    _names.InPlace.CheckView(index, source.Get(existing), value);
                }
            }
        }

        return true;
    }

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
            WriteContent(writer, value);
        }
        else
        {
            MarkRuns.Begin(writer);
            WriteContent(writer, value);
            _marks.End(writer);
        }
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag)
    {
        if (_tagBytes is not null && tag.Equals(_tagBytes))
        {
            return true;
        }

        if (_tag is not null)
        {
            return false;
        }

        string name = tag.ToString();
        return !Markers.IsBuiltIn(name) && _serializer.Registry.Find(name) is null;
    }

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader) => ReadContent(ref reader, out _);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader, out string? ignored) => ReadMembers(ref reader, hasBegun: false, out ignored);

    /// <inheritdoc/>
    protected override bool IsForeign(JsonText tag) => _tagBytes is null && !tag.Equals(_name);

    /// <inheritdoc/>
    protected override GawSerializationException Unfitting(string name) => _names.Errors.Unknown(name);

    /// <inheritdoc/>
    protected override GawSerializationException Unaccepted(ref JsonReader start)
    {
        string name = TypeNames.Friendly(typeof(T));
        return ReadErrors.Mismatch(name, ref start, _tag is null ? null : $"If it derives from {name}, add its type to GawTypes (options.Types.Add<...>()).");
    }

    private T ReadMembers(ref JsonReader reader, bool hasBegun, out string? ignored)
    {
        if (_read is null)
        {
            throw new GawSerializationException(_shape.CannotBeMade!);
        }

        ObjectProgress progress = new ObjectProgress { Member = -1, HasBegun = hasBegun };
        try
        {
            T made = _read(ref reader, ref progress);
            ignored = progress.Ignored;
            return made;
        }
        catch (GawSerializationException e) when (progress.Member >= 0 && e.Within(_shape.Members[progress.Member].WireName))
        {
            throw;
        }
    }

    private T ReadObject(ref JsonReader reader)
    {
        bool hasSubtypes = _subtypes.Exist;
        if (hasSubtypes)
        {
            reader.RememberSkips();
        }

        JsonReader start = reader;
        reader.BeginObject();
        if (hasSubtypes && _subtypes.FindReader(reader) is { } subtype)
        {
            reader = start;
            return (T)subtype.ReadBoxed(ref reader)!;
        }

        if (_marks is null)
        {
            if (_names.IsFirstAhead(ref reader))
            {
                return ReadMembers(ref reader, hasBegun: true, out _);
            }
        }
        else if (TryReadUsual(ref reader, _marks, in start, out T usual))
        {
            return usual;
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
        return _tag is not null && Markers.IsTagInside(ref reader) ? ReadMarked(ref reader) : ReadContent(ref reader);
    }

    private void WriteContent(JsonWriter writer, T value)
    {
        int current = 0;
        writer.BeginObject();
        try
        {
            _write(writer, value, ref current);
        }
        catch (GawSerializationException e) when (e.Within(_shape.Members[current].WireName))
        {
            throw;
        }

        writer.EndObject();
    }

    private ValueConverter MemberConverter(ObjectMember member, Type type)
    {
        try
        {
            return _serializer.Get(type);
        }
        catch (GawSerializationException e) when (e.Within(member.WireName))
        {
            throw;
        }
    }
}
