using System.Diagnostics.CodeAnalysis;
using Gaw.Json;

namespace Gaw.Serialization.Text;

/// <summary>The base of converters of types that travel as their text.</summary>
internal abstract class TextFormConverter<T>(string expected) : ValueConverter<T>
    where T : class
{
    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader)
    {
        JsonReader start = reader;
        switch (reader.Peek())
        {
            case JsonKind.Null:
                reader.ReadNull();
                return null;
            case JsonKind.String when TryParseText(reader.ReadString(), out T? value):
                return value;
            default:
                throw ReadErrors.Mismatch(expected, ref start);
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
            writer.String(ToText(value));
        }
    }

    /// <summary>Makes the text.</summary>
    protected abstract string ToText(T value);

    /// <summary>Reads the text.</summary>
    protected abstract bool TryParseText(string text, [NotNullWhen(true)] out T? value);
}
