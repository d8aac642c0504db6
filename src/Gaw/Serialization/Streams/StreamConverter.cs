using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Streams;

/// <summary>Writes an argument that is a stream, in the form that its call wants (<see cref="IStreamTaker"/>).</summary>
/// <param name="item">Writes the items.</param>
internal sealed class StreamConverter<T>(ValueConverter<T> item) : ValueConverter<IAsyncEnumerable<T>>
{
    public override IAsyncEnumerable<T> Read(ref JsonReader reader) => throw new NotSupportedException("A stream is read by its parameter.");

    public override void Write(JsonWriter writer, IAsyncEnumerable<T>? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        if (writer.Owner is not IStreamTaker taker || writer.IsInsideValue)
        {
            throw new GawSerializationException($"A stream of {TypeNames.Friendly(typeof(T))} cannot cross here: only an argument itself is one, not a part of it, and a method returns its own. Send a list.");
        }

        taker.WriteStream(writer, value, item);
    }
}
