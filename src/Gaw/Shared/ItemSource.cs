using Gaw.Json;

namespace Gaw.Shared;

/// <summary>The items of a stream as the side takes them that sends them: one after the other. All of it is the user's code, and may throw.</summary>
internal abstract class ItemSource
{
    /// <summary>Begins; called once, before the first item.</summary>
    /// <param name="cancellationToken">Fires when no further item is wanted.</param>
    public abstract void Begin(CancellationToken cancellationToken);

    /// <summary>Makes the next item; what is given can be awaited once.</summary>
    /// <returns><see langword="false"/>: there is none.</returns>
    public abstract ValueTask<bool> MoveNextAsync();

    /// <summary>Writes the item as one value.</summary>
    public abstract void Write(JsonWriter writer);

    /// <summary>Ends, whether or not all items were taken.</summary>
    public abstract ValueTask DisposeAsync();
}
