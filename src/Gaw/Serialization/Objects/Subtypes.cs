using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects;

/// <summary>The registered types that derive from a <typeparamref name="T"/>: which of them stands ahead, and what writes one. Thread-safe.</summary>
internal sealed class Subtypes<T>(ValueSerializer serializer)
{
    private static readonly bool IsSealed = typeof(T).IsSealed || typeof(T).IsValueType;

    /// <summary>The last finding, with the version of the registry that it holds for. Written as one reference, so a thread sees a whole one, and an old one shows by its version.</summary>
    private Finding _known = new(-1, false);

    /// <summary>Some are registered.</summary>
    public bool Exist
    {
        get
        {
            if (IsSealed)
            {
                return false;
            }

            Finding known = _known;
            int version = serializer.Registry.Version;
            if (known.Version != version)
            {
                _known = known = new Finding(version, serializer.Registry.HasSubtypes(typeof(T)));
            }

            return known.Exist;
        }
    }

    /// <summary>The value is of a class that derives from <typeparamref name="T"/>.</summary>
    public static bool IsOne(T value) => !IsSealed && value!.GetType() != typeof(T);

    /// <summary>The converter of a value for which <see cref="IsOne"/> holds.</summary>
    /// <exception cref="GawSerializationException">Its class has no name on the wire.</exception>
    public ValueConverter WriterOf(T value)
    {
        Type type = value!.GetType();
        return serializer.Registry.NameOf(type) is not null
            ? serializer.Get(type)
            : throw new GawSerializationException(
                $"A {TypeNames.Friendly(type)} cannot be sent as {TypeNames.Friendly(typeof(T))}: without a name on the wire, its reader would make a {TypeNames.Friendly(typeof(T))} of it. Mark it with [GawSerializable], or add it to GawTypes on both sides.");
    }

    /// <summary>The converter of the object whose inside is ahead, if its tag is that of a derived type.</summary>
    public ValueConverter? FindReader(JsonReader reader) =>
        Markers.TagAhead(ref reader, beforeValue: false) is { } tag && serializer.Registry.Find(tag) is { } type && type != typeof(T) && typeof(T).IsAssignableFrom(type)
            ? serializer.Get(type)
            : null;

    private sealed record Finding(int Version, bool Exist);
}
