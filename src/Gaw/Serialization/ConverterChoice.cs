using System.Collections;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>Which converter a type gets: what its values are on the wire. <see cref="ConverterFactory"/> sees to types that contain themselves.</summary>
/// <param name="serializer">Knows the converters of the types that a type holds.</param>
internal sealed class ConverterChoice(ValueSerializer serializer)
{
    private readonly CollectionConverters _collections = new(serializer);
    private readonly ObjectConverters _objects = new(serializer);

    /// <exception cref="GawSerializationException">Values of the type cannot cross.</exception>
    public ValueConverter Make(Type type)
    {
        try
        {
            TrimmedProgram.EnterTypesOf(type);
            return Choose(type);
        }
        catch (Exception e) when (!RuntimeFeature.IsDynamicCodeSupported && e is (NotSupportedException or MissingMethodException))
        {
            throw TypeErrors.Unsupported(type, TrimmedProgram.Remedy);
        }
    }

    private ValueConverter Choose(Type type)
    {
        if (PlainConverters.Find(type, serializer) is { } simple)
        {
            return simple;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return ConverterActivator.Create<ValueConverter>(typeof(NullableConverter<>), [underlying], serializer.Get(underlying));
        }

        if (type.IsPointer || type.IsByRef || type.IsByRefLike || type.ContainsGenericParameters || typeof(Delegate).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type))
        {
            throw TypeErrors.Unsupported(type, "it has no form on the wire");
        }

        if (type.IsEnum)
        {
            return ShapeRules.ForeignAttribute(type) is { } attribute
                ? throw TypeErrors.Unsupported(type, $"it has {attribute}, which Gaw does not use. Enums travel as their names; [JsonStringEnumMemberName] gives another one")
                : ConverterActivator.Create<ValueConverter>(typeof(EnumConverter<>), [type]);
        }

        string? tag = serializer.Registry.NameOf(type);
        if (typeof(IEnumerable).IsAssignableFrom(type) && CollectionRules.CannotCross(type, tag) is { } reason)
        {
            throw TypeErrors.Unsupported(type, reason);
        }

        return tag is not null ? _objects.Tagged(type, tag) : _collections.Find(type) ?? _objects.Plain(type);
    }
}
