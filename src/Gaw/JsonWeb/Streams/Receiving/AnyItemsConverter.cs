using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Streams;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>Reads what a call gives of whose result nobody knows the kind: the items of a list, or one value as the only item. For one call.</summary>
internal sealed class AnyItemsConverter(ValueConverter<object> any) : ItemsConverter<object>(any)
{
    /// <summary>What was read last was one value; written by the thread that reads, before the reply is handed over with a lock.</summary>
    public bool IsValue { get; private set; }

    /// <summary>A tuple or a set is one value: no part of a stream is marked.</summary>
    public override List<object> Read(ref JsonReader reader)
    {
        IsValue = reader.Peek() is not JsonKind.Array;
        return IsValue ? [Item.Read(ref reader)!] : SequenceReader.ReadList(ref reader, Item);
    }
}
