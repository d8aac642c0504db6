using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>A value type or <c>null</c>.</summary>
internal sealed class NullableConverter<T>(ValueConverter<T> inner) : ValueConverter<T?>
    where T : struct
{
    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader)
    {
        if (reader.Peek() is not JsonKind.Null)
        {
            return inner.Read(ref reader);
        }

        reader.ReadNull();
        return null;
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is { } present)
        {
            inner.Write(writer, present);
        }
        else
        {
            writer.Null();
        }
    }
}
