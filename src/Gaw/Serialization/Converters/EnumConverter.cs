using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>An enum as the text of its name, since the original has no form for enums. Numbers are refused.</summary>
internal sealed class EnumConverter<T> : ValueConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        return reader.Peek() is JsonKind.String && EnumNames<T>.TryParse(reader.ReadString(), out T value)
            ? value
            : throw ReadProblem.Mismatch($"{TypeNames.Friendly(typeof(T))} ({EnumNames<T>.All})", ref start);
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T value) => writer.String(EnumNames<T>.ToText(value));
}
