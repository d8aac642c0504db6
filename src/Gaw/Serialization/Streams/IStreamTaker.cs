using Gaw.Json;

namespace Gaw.Serialization.Streams;

/// <summary>The owner of a document (<see cref="JsonWriter.Owner"/>) whose arguments may be streams: it sends their items later, or has collected them.</summary>
internal interface IStreamTaker
{
    /// <summary>Writes the substitute of a stream into the document: its number, or all of its items.</summary>
    void WriteStream<T>(JsonWriter writer, IAsyncEnumerable<T> items, ValueConverter<T> converter);
}
