using Gaw.Json;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;

namespace Gaw.Serialization.Streams;

/// <summary>Reads the items of a part, or of a result that comes as one list: an array, or one that is marked as a tuple or set.</summary>
internal class ItemsConverter<T>(ValueConverter<T> item) : MarkedConverter<List<T>>
{
    /// <summary>Reads one item.</summary>
    protected ValueConverter<T> Item { get; } = item;

    public override void Write(JsonWriter writer, List<T>? value) => throw new NotSupportedException("Items are only read here.");

    protected override bool Accepts(JsonText tag) => Markers.IsSequence(tag);

    protected override List<T> ReadContent(ref JsonReader reader) => reader.Peek() is JsonKind.Array ? SequenceReader.ReadList(ref reader, Item) : throw Mismatch(ref reader);
}
