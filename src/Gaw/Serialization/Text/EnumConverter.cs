using System.Text;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Text;

/// <summary>
/// An enum as the text of its name, since the original has no form for enums. A value without a name travels as its number: flags of which none is
/// set, bits that a newer version has named.
/// </summary>
internal sealed class EnumConverter<T> : ValueConverter<T>
    where T : struct, Enum
{
    /// <summary>Makes the converter.</summary>
    /// <exception cref="GawSerializationException">The names cannot be told apart on the wire.</exception>
    public EnumConverter()
    {
        if (EnumNames<T>.Problem is { } problem)
        {
            throw new GawSerializationException(problem);
        }
    }

    /// <inheritdoc/>
    public override T Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        switch (reader.Peek())
        {
            case JsonKind.String when EnumNames<T>.TryParse(reader.ReadString(), out T named):
                return named;
            case JsonKind.Integer when EnumNames<T>.TryParseNumber(Encoding.ASCII.GetString(reader.ReadNumber()), out T unnamed):
                return unnamed;
            default:
                throw ReadErrors.Mismatch($"{TypeNames.Friendly(typeof(T))} ({EnumNames<T>.All})", ref start);
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T value)
    {
        if (EnumNames<T>.TryText(value) is { } text)
        {
            writer.String(text);
        }
        else
        {
            writer.Raw(Encoding.ASCII.GetBytes(value.ToString("D")));
        }
    }
}
