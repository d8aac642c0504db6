using Gaw.Json;
using Gaw.Shared;

namespace Gaw.Serialization.Streams;

/// <inheritdoc/>
/// <param name="items">The stream.</param>
/// <param name="converter">Writes its items.</param>
/// <param name="place">What the stream is, for messages: the result, or an argument.</param>
internal sealed class ItemSource<T>(IAsyncEnumerable<T> items, ValueConverter<T> converter, string place = "result") : ItemSource
{
    private IAsyncEnumerator<T> _items = null!;
    private long _count;

    public override void Begin(CancellationToken cancellationToken) =>
        _items = items.GetAsyncEnumerator(cancellationToken) ?? throw new InvalidOperationException("The stream gave null in place of an enumerator.");

    public override ValueTask<bool> MoveNextAsync() => ForeignTask.Guard(_items.MoveNextAsync());

    public override void Write(JsonWriter writer)
    {
        try
        {
            converter.Write(writer, _items.Current);
            _count++;
        }
        catch (GawSerializationException e) when (e.Within($"{place}[{_count}]"))
        {
            throw;
        }
    }

    public override ValueTask DisposeAsync() => ForeignTask.Guard(_items.DisposeAsync());
}
