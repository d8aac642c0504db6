using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>
/// Reads and writes the values of one .NET type. What fits no value of the type ends in a <see cref="GawSerializationException"/>, what is no
/// JSON in a <see cref="JsonFormatException"/>. Thread-safe.
/// </summary>
internal abstract class ValueConverter
{
    /// <summary>The .NET type.</summary>
    public abstract Type Type { get; }

    /// <summary>The parts of the type that can never be read; empty when all can. A part of a type that contains itself is named by the shortest path.</summary>
    public IReadOnlyList<UnreadablePart> Unreadable { get; protected init; } = [];

    /// <summary>Consumes one value.</summary>
    public abstract object? ReadBoxed(ref JsonReader reader);

    /// <summary>Writes one value, which must be of <see cref="Type"/> or <see langword="null"/>.</summary>
    public abstract void WriteBoxed(JsonWriter writer, object? value);
}

/// <summary>A <see cref="ValueConverter"/> that does not box.</summary>
/// <typeparam name="T">The .NET type.</typeparam>
internal abstract class ValueConverter<T> : ValueConverter
{
    /// <inheritdoc/>
    public override Type Type => typeof(T);

    /// <summary>Whether <see langword="null"/> is a value of the type.</summary>
    protected static bool AllowsNull => default(T) is null;

    /// <summary>Consumes one value.</summary>
    public abstract T? Read(ref JsonReader reader);

    /// <summary>Writes one value.</summary>
    public abstract void Write(JsonWriter writer, T? value);

    /// <inheritdoc/>
    public sealed override object? ReadBoxed(ref JsonReader reader) => Read(ref reader);

    /// <inheritdoc/>
    public sealed override void WriteBoxed(JsonWriter writer, object? value) => Write(writer, (T?)value);

    /// <summary>The failure to read what is ahead as this type.</summary>
    protected static GawSerializationException Mismatch(ref JsonReader reader) => ReadErrors.Mismatch(TypeNames.Friendly(typeof(T)), ref reader);
}
