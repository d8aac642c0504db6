namespace Gaw.Serialization.Streams;

/// <summary>A stream of items that are there already. It can be enumerated once, as any other stream of an argument.</summary>
internal sealed class OnceStream<T>(List<T> items) : IAsyncEnumerable<T>, IAsyncEnumerator<T>
{
    /// <summary>The exchange pairs with itself: of two that begin, one is refused.</summary>
    private int _hasBegun;

    private CancellationToken _token;
    private int _at = -1;

    public T Current => items[_at];

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) != 0)
        {
            throw SecondEnumeration();
        }

        _token = cancellationToken;
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        _token.ThrowIfCancellationRequested();
        if (_at < items.Count)
        {
            _at++;
        }

        return new ValueTask<bool>(_at < items.Count);
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>The error of a second enumeration.</summary>
    internal static InvalidOperationException SecondEnumeration() => new("A stream that is an argument can be enumerated once: its items are not kept. Put what is needed twice into a list.");
}
