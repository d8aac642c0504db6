using Gaw.Json;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Makes one list of the items of a stream, for a server that takes no streams.</summary>
internal static class ItemCollector
{
    /// <summary>Takes all items, and ends their source in any case.</summary>
    /// <param name="source">Not begun.</param>
    /// <param name="limit">The most bytes of the list.</param>
    /// <param name="cancellationToken">Ends the collecting.</param>
    /// <returns>The text of the list.</returns>
    public static async Task<byte[]> CollectAsync(ItemSource source, int limit, CancellationToken cancellationToken)
    {
        using JsonWriter writer = new();
        writer.MaxLength = limit;
        writer.BeginArray();
        source.Begin(cancellationToken);
        try
        {
            while (await source.MoveNextAsync().ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Write(source, writer);
            }
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }

        writer.MaxLength = int.MaxValue;
        writer.EndArray();
        return writer.Written.ToArray();
    }

    private static void Write(ItemSource source, JsonWriter writer)
    {
        try
        {
            source.Write(writer);
        }
        catch (GawSerializationException e) when (writer.Length > writer.MaxLength)
        {
            throw new GawSerializationException(
                $"An argument is a stream and longer than one request may be ({writer.MaxLength} bytes), and the server takes it only as a list. One whose method takes IAsyncEnumerable gets all of it, item by item.", e);
        }
    }
}
