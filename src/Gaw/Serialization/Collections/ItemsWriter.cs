using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gaw.Json;

namespace Gaw.Serialization.Collections;

/// <summary>Writes the items of a sequence as an array, those of the usual kinds without an enumerator.</summary>
/// <param name="item">Converts the items.</param>
internal sealed class ItemsWriter<TItem>(ValueConverter<TItem> item)
{
    public void Write<TSequence>(JsonWriter writer, TSequence value)
        where TSequence : IEnumerable<TItem>
    {
        int index = 0;
        writer.BeginArray();
        try
        {
            switch (value)
            {
                case TItem[] array:
                    Write(writer, array, ref index);
                    break;
                case List<TItem> list:
                    Write(writer, CollectionsMarshal.AsSpan(list), ref index);
                    break;
                case ImmutableArray<TItem> immutable:
                    Write(writer, immutable.AsSpan(), ref index);
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
        catch (GawSerializationException e) when (e.Within($"[{index}]"))
        {
            throw;
        }

        writer.EndArray();
    }

    private void Write(JsonWriter writer, ReadOnlySpan<TItem> items, ref int index)
    {
        for (; index < items.Length; index++)
        {
            item.Write(writer, items[index]);
        }
    }
}
