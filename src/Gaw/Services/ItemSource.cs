using Gaw.Json;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.Services;

/// <inheritdoc/>
internal sealed class ItemSource<T>(IAsyncEnumerable<T> items, ValueConverter<T> converter) : ItemSource
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
        catch (GawSerializationException e) when (e.Within($"result[{_count}]"))
        {
            throw;
        }
    }

    public override ValueTask DisposeAsync() => ForeignTask.Guard(_items.DisposeAsync());
}
