using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.Services;

/// <summary>
/// The place of an argument that is a stream: read as the number of one whose items come later, or as a list, which an original client sends. What the method gets can be enumerated once
/// in either case, so that nothing works with one kind of caller only.
/// </summary>
/// <param name="name">The parameter's name.</param>
/// <param name="item">Reads its items.</param>
/// <param name="list">Reads a list of them.</param>
internal sealed class StreamParameterSlot<T>(string name, ValueConverter<T> item, ItemsConverter<T> list) : ParameterSlot<IAsyncEnumerable<T>>(null!, null)
{
    private int? _number;

    public override int? StreamNumber => _number;

    public override void Read(ref JsonReader reader)
    {
        _number = null;
        Value = null;
        if (StreamMark.TryRead(ref reader, out int number))
        {
            _number = number >= 0 ? number : throw new GawSerializationException($"The stream has no number from 0 to {StreamMark.MostOfCall - 1}.");
        }
        else if (list.Read(ref reader) is { } items)
        {
            Value = new OnceStream<T>(items);
        }

        IsSet = true;
    }

    public override void OpenStream(StreamFactory streams)
    {
        if (_number is { } number)
        {
            Value = streams.Create(number, name, item);
        }
    }

    public override void Clear()
    {
        base.Clear();
        _number = null;
    }
}
