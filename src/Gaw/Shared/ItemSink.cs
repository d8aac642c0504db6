namespace Gaw.Shared;

/// <summary>Where the items of a call's result go.</summary>
internal abstract class ItemSink
{
    /// <summary>Sends all items, as far as they are wanted, and ends their source in any case.</summary>
    /// <param name="source">Not begun.</param>
    /// <exception cref="OperationCanceledException">No further item is wanted.</exception>
    /// <exception cref="InvalidOperationException">Items were sent already.</exception>
    public abstract ValueTask SendAsync(ItemSource source);
}
