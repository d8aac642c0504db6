using Gaw.Json;
using Gaw.Serialization.Shapes;

namespace Gaw.Serialization.Objects;

/// <summary>The inside of an object: its members, whatever stands around them. <see cref="ObjectConverter{T}"/> knows the forms.</summary>
internal sealed class ObjectContent<T>
{
    private readonly ObjectShape _shape;
    private readonly MemberTable _names;
    private readonly ValueConverter[] _readers;
    private readonly ObjectReader<T>? _read;
    private readonly ObjectMembersWriter<T> _write;

    /// <param name="serializer">Knows the converters of the members.</param>
    /// <param name="shape">The members.</param>
    public ObjectContent(ValueSerializer serializer, ObjectShape shape)
    {
        _shape = shape;
        ValueConverter[] writers = [.. shape.Members.Select(member => MemberConverter(serializer, member, member.SourceType))];
        _readers = shape.CannotBeMade is null ? [.. shape.Members.Select(member => MemberConverter(serializer, member, member.Type))] : [];
        _names = new MemberTable(shape, _readers, serializer.IgnoresUnknownMembers(typeof(T)));
        _read = shape.CannotBeMade is null ? ObjectCompiler.Reader<T>(shape, _names, _readers) : null;
        _write = ObjectCompiler.Writer<T>(shape, _names, writers);
    }

    /// <summary>The messages for values that do not fit.</summary>
    public MemberErrors Errors => _names.Errors;

    /// <summary>What of the type can be written and never read.</summary>
    public IReadOnlyList<UnreadablePart> Unreadable => _shape.CannotBeMade is { } reason
        ? [new UnreadablePart("", reason)]
        : UnreadablePart.Of(_readers.Select((reader, index) => (_shape.Members[index].WireName, reader)));

    /// <inheritdoc cref="MemberTable.IsFirstAhead"/>
    public bool IsFirstAhead(ref JsonReader reader) => _names.IsFirstAhead(ref reader);

    /// <summary>Consumes the members and makes the object.</summary>
    /// <param name="reader">Stands before the object, or in it.</param>
    /// <param name="hasBegun">It was stepped into before.</param>
    /// <param name="ignored">The first name that was passed over.</param>
    public T Read(ref JsonReader reader, bool hasBegun, out string? ignored)
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

    public void Write(JsonWriter writer, T value)
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

    /// <inheritdoc cref="Filling.IInPlaceConverter.TryFill"/>
    public bool TryFill(object existing, object content) => _names.InPlace.TryFillAll(existing, content);

    private static ValueConverter MemberConverter(ValueSerializer serializer, ObjectMember member, Type type)
    {
        try
        {
            return serializer.Get(type);
        }
        catch (GawSerializationException e) when (e.Within(member.WireName))
        {
            throw;
        }
    }
}
