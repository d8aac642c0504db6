using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects;

/// <summary>Interfaces and abstract classes: written as what the value is, read as the registered type that the tag names.</summary>
internal sealed class AbstractConverter<T>(ValueSerializer serializer) : ValueConverter<T>
    where T : class
{
    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader)
    {
        reader.RememberSkips();
        switch (reader.Peek())
        {
            case JsonKind.Null:
                reader.ReadNull();
                return null;
            case JsonKind.Object when Subtype(reader) is { } subtype:
                return (T?)serializer.Get(subtype).ReadBoxed(ref reader);
            default:
                throw ReadErrors.Mismatch(TypeNames.Friendly(typeof(T)), ref reader, $"{TypeNames.Friendly(typeof(T))} is abstract: only types registered with GawTypes that derive from it can be made.");
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
        }
        else
        {
            serializer.Get(value.GetType()).WriteBoxed(writer, value);
        }
    }

    private Type? Subtype(JsonReader reader)
    {
        reader.BeginObject();
        return Markers.TagAhead(ref reader, beforeValue: false) is { } tag && serializer.Registry.Find(tag) is { } type && typeof(T).IsAssignableFrom(type) ? type : null;
    }
}
