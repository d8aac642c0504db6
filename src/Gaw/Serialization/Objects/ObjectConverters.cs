using System.Collections;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects;

/// <summary>Makes the converters of types that travel member by member, and says why another one cannot.</summary>
/// <param name="serializer">Knows the converters of the members.</param>
internal sealed class ObjectConverters(ValueSerializer serializer)
{
    /// <summary>Whether a type travels member by member.</summary>
    public static bool IsObjectLike(Type type) =>
        !type.IsEnum && !type.IsPointer && !type.IsByRefLike && !type.IsGenericParameter && type != typeof(GawObject)
        && !typeof(IEnumerable).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
        && (!FrameworkTypes.Contain(type) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)));

    /// <summary>Of a type that is marked, or was added, under its name on the wire.</summary>
    public ValueConverter Tagged(Type type, string tag) => Object(type, tag);

    /// <summary>Of a type without a name on the wire.</summary>
    public ValueConverter Plain(Type type)
    {
        if (GenericTypes.Implements(type, typeof(IProgress<>)))
        {
            throw TypeErrors.Unsupported(type, "progress is not sent: a parameter IProgress<T> of the method itself takes it, or CallOptions.Progress");
        }

        if (!IsObjectLike(type))
        {
            throw TypeErrors.Unsupported(type, GenericTypes.Implements(type, typeof(IAsyncEnumerable<>))
                ? "only a method itself gives a stream and a parameter itself takes one, not inside a task or another type"
                : "it has no form on the wire; send its text or numbers");
        }

        if (type.IsAbstract)
        {
            return ConverterActivator.Create<ValueConverter>(typeof(AbstractConverter<>), [type], serializer);
        }

        for (Type? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (serializer.Registry.NameOf(parent) is not null)
            {
                throw TypeErrors.Unsupported(type, $"it derives from {TypeNames.Friendly(parent)}, which travels as a typed object; mark it with [GawSerializable] too, or add it to GawTypes");
            }
        }

        return Object(type, tag: null);
    }

    private ValueConverter Object(Type type, string? tag)
    {
        if (type.IsAbstract)
        {
            return ConverterActivator.Create<ValueConverter>(typeof(AbstractConverter<>), [type], serializer);
        }

        if (TrimmedProgram.IsTrimmed && !GeneratedConverters.HasObject(type))
        {
            throw TypeErrors.Unsupported(type, TrimmedProgram.Remedy);
        }

        ObjectShape shape = ObjectShape.Of(type);
        if (tag is null && shape.Members.FirstOrDefault(static member => Markers.IsMarkerKey(member.WireName)) is { } marker)
        {
            throw TypeErrors.Unsupported(type, $"its member {marker.Source.Name} has the name \"{marker.WireName}\" on the wire, which the peer would take for a marker. Give it another name with [JsonPropertyName], or mark the type with [GawSerializable]");
        }

        return shape.CannotCross is { } reason ? throw TypeErrors.Unsupported(type, reason) : ConverterActivator.Create<ValueConverter>(typeof(ObjectConverter<>), [type], serializer, shape, tag);
    }
}
