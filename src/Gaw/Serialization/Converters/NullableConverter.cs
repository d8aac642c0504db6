using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>A value type or <c>null</c>.</summary>
internal sealed class NullableConverter<T> : ValueConverter<T?>
    where T : struct
{
    private readonly ValueConverter<T> _inner;

    /// <summary>Makes the converter.</summary>
    /// <param name="inner">Converts the values.</param>
    public NullableConverter(ValueConverter<T> inner)
    {
        _inner = inner;
        Unreadable = inner.Unreadable;
    }

    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader)
    {
        if (reader.Peek() is not JsonKind.Null)
        {
            return _inner.Read(ref reader);
        }

        reader.ReadNull();
        return null;
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is { } present)
        {
            _inner.Write(writer, present);
        }
        else
        {
            writer.Null();
        }
    }
}
