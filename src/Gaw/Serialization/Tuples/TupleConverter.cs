using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Tuples;

/// <summary>Value tuples and tuples of any length, under the tag <c>tuple</c>; read from a plain list as well.</summary>
internal sealed class TupleConverter<T> : MarkedConverter<T>
{
    private readonly TupleReader<T> _read;
    private readonly TupleWriter<T> _write;

    /// <summary>Makes the converter.</summary>
    /// <param name="items">Converts the items.</param>
    /// <param name="read">Reads the items.</param>
    /// <param name="write">Writes the items.</param>
    public TupleConverter(IReadOnlyList<ValueConverter> items, TupleReader<T> read, TupleWriter<T> write)
    {
        _read = read;
        _write = write;
        Unreadable = UnreadablePart.Of(items.Select(static (item, index) => ($"[{index}]", item)));
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        int current = 0;
        Markers.Begin(writer);
        writer.BeginArray();
        try
        {
            _write(writer, value, ref current);
        }
        catch (GawSerializationException e) when (e.Within($"[{current}]"))
        {
            throw;
        }

        writer.EndArray();
        Markers.End(writer, Markers.Tuple);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => tag.Equals("tuple"u8);

    /// <inheritdoc/>
    protected override T ReadContent(ref JsonReader reader)
    {
        if (reader.Peek() is not JsonKind.Array)
        {
            throw Mismatch(ref reader);
        }

        int current = -1;
        reader.BeginArray();
        try
        {
            return _read(ref reader, ref current);
        }
        catch (GawSerializationException e) when (current >= 0 && e.Within($"[{current}]"))
        {
            throw;
        }
    }
}
