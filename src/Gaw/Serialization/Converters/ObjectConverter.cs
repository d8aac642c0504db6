using System.Text;
using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>What can be made of the inside of a marked object.</summary>
internal interface IObjectContentReader
{
    /// <summary>Consumes an object whose names are those of members, markers or not.</summary>
    object ReadContentBoxed(ref JsonReader reader);
}

/// <summary>
/// Records, classes and structs. A registered one goes out under its tag, another one as a plain object. Both are read from either form; a tag
/// that is registered for a derived type makes that type, a tag that is not registered is passed over when the members fit.
/// </summary>
internal sealed class ObjectConverter<T> : MarkedConverter<T>, IObjectContentReader
{
    private static readonly bool IsSealed = typeof(T).IsSealed || typeof(T).IsValueType;

    private readonly ValueSerializer _serializer;
    private readonly ObjectShape _shape;
    private readonly string? _tag;
    private readonly byte[]? _tagBytes;
    private readonly ObjectReader<T>? _read;
    private readonly ObjectMembersWriter<T> _write;

    /// <summary>Whether there are subtypes, with the version of the registry for which it was found out.</summary>
    private SubtypeAnswer _subtypes = new(-1, false);

    /// <summary>Makes the converter.</summary>
    /// <param name="serializer">Knows the converters of other types.</param>
    /// <param name="shape">The members.</param>
    /// <param name="tag">The name on the wire; <see langword="null"/> for a plain object.</param>
    public ObjectConverter(ValueSerializer serializer, ObjectShape shape, string? tag)
    {
        _serializer = serializer;
        _shape = shape;
        _tag = tag;
        _tagBytes = tag is null ? null : Encoding.UTF8.GetBytes(tag);
        var names = new ObjectNames(shape);
        _read = shape.CannotBeMade is null ? ObjectCompiler.Reader<T>(shape, names, [.. shape.Members.Select(member => MemberConverter(member, member.Type))]) : null;
        _write = ObjectCompiler.Writer<T>(shape, names, [.. shape.Members.Select(member => MemberConverter(member, member.SourceType))]);
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
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else if (!IsSealed && value.GetType() != typeof(T))
        {
            _serializer.Get(value.GetType()).WriteBoxed(writer, value);
        }
        else if (_tag is null)
        {
            WriteContent(writer, value);
        }
        else
        {
            Markers.Begin(writer);
            WriteContent(writer, value);
            Markers.End(writer, _tag);
        }
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag)
    {
        if (_tagBytes is not null && tag.Equals(_tagBytes))
        {
            return true;
        }

        string name = tag.ToString();
        return !Markers.IsBuiltIn(name) && _serializer.Registry.Find(name) is null;
    }

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader)
    {
        if (_read is null)
        {
            throw new GawSerializationException(_shape.CannotBeMade!);
        }

        int current = -1;
        try
        {
            return _read(ref reader, ref current);
        }
        catch (GawSerializationException exception) when (current >= 0 && exception.Within(_shape.Members[current].WireName))
        {
            throw;
        }
    }

    private T ReadObject(ref JsonReader reader)
    {
        bool hasSubtypes = !IsSealed && HasSubtypes();
        if (hasSubtypes)
        {
            reader.RememberSkips();
        }

        JsonReader start = reader;
        reader.BeginObject();
        if (hasSubtypes && FindSubtype(reader) is { } subtype)
        {
            reader = start;
            return (T)subtype.ReadBoxed(ref reader)!;
        }

        if (!reader.NextProperty(out JsonText first))
        {
            reader = start;
            return ReadContent(ref reader);
        }

        if (first.Equals(Markers.Value) || first.Equals(Markers.Tag))
        {
            return ReadMarked(ref reader, first, start);
        }

        reader = start;
        return _tag is not null && HasTag(ref reader) ? ReadMarked(ref reader) : ReadContent(ref reader);
    }

    /// <summary>Whether a tag is among the keys of the object ahead, which starts with another key.</summary>
    private static bool HasTag(ref JsonReader reader)
    {
        reader.RememberSkips();
        JsonReader ahead = reader;
        ahead.BeginObject();
        return Markers.TagAhead(ref ahead, beforeValue: false) is not null;
    }

    private bool HasSubtypes()
    {
        SubtypeAnswer known = _subtypes;
        int version = _serializer.Registry.Version;
        if (known.Version != version)
        {
            _subtypes = known = new SubtypeAnswer(version, _serializer.Registry.HasSubtypes(typeof(T)));
        }

        return known.HasSubtypes;
    }

    private ValueConverter? FindSubtype(JsonReader reader) =>
        Markers.TagAhead(ref reader, beforeValue: false) is { } tag && _serializer.Registry.Find(tag) is { } type && type != typeof(T) && typeof(T).IsAssignableFrom(type)
            ? _serializer.Get(type)
            : null;

    private void WriteContent(JsonWriter writer, T value)
    {
        int current = 0;
        writer.BeginObject();
        try
        {
            _write(writer, value, ref current);
        }
        catch (GawSerializationException exception) when (exception.Within(_shape.Members[current].WireName))
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
        catch (GawSerializationException exception) when (exception.Within(member.WireName))
        {
            throw;
        }
    }

    private sealed record SubtypeAnswer(int Version, bool HasSubtypes);
}
