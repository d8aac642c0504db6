using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>
/// Sequences of any kind. A list goes out as an array, a set under the tag <c>set</c>, <c>object[]</c> under the tag <c>tuple</c>; each is read
/// from all three, since the type asked for says what it shall become.
/// </summary>
/// <param name="item">Converts the items.</param>
/// <param name="read">Consumes an array; <see langword="null"/> when the type can be written only.</param>
/// <param name="tag">The tag it is written under; <see langword="null"/> for a plain array.</param>
internal sealed class SequenceConverter<TSequence, TItem>(ValueConverter<TItem> item, SequenceRead<TSequence, TItem>? read, string? tag) : MarkedConverter<TSequence>
    where TSequence : IEnumerable<TItem>
{
    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TSequence? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        if (tag is null)
        {
            WriteItems(writer, value);
            return;
        }

        Markers.Begin(writer);
        WriteItems(writer, value);
        Markers.End(writer, tag);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => tag.Equals("tuple"u8) || tag.Equals("set"u8);

    /// <inheritdoc/>
    protected override TSequence ReadContent(ref JsonReader reader) => reader.Peek() is JsonKind.Array ? ReadArray(ref reader) : throw Mismatch(ref reader);

    private TSequence ReadArray(ref JsonReader reader)
    {
        if (read is null)
        {
            throw Mismatch(ref reader);
        }

        try
        {
            return read(ref reader, item);
        }
        catch (Exception exception) when (ReadProblem.IsOfTheType(exception))
        {
            throw ReadProblem.CannotMake(typeof(TSequence), exception);
        }
    }

    private void WriteItems(JsonWriter writer, TSequence value)
    {
        int index = 0;
        writer.BeginArray();
        try
        {
            switch (value)
            {
                case TItem[] array:
                    WriteItems(writer, array, ref index);
                    break;
                case List<TItem> list:
                    WriteItems(writer, CollectionsMarshal.AsSpan(list), ref index);
                    break;
                case ImmutableArray<TItem> immutable:
                    WriteItems(writer, immutable.AsSpan(), ref index);
                    break;
                default:
                    foreach (TItem each in value)
                    {
                        item.Write(writer, each);
                        index++;
                    }

                    break;
            }
        }
        catch (GawSerializationException exception) when (exception.Within($"[{index}]"))
        {
            throw;
        }

        writer.EndArray();
    }

    private void WriteItems(JsonWriter writer, ReadOnlySpan<TItem> items, ref int index)
    {
        for (; index < items.Length; index++)
        {
            item.Write(writer, items[index]);
        }
    }
}

/// <summary>Consumes an array and makes a sequence of it.</summary>
internal delegate TSequence SequenceRead<TSequence, TItem>(ref JsonReader reader, ValueConverter<TItem> item);
