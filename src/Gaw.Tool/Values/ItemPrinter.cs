using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>Writes the items of a stream as they come: for a person as they are shown, for a program each as JSON on a line of its own.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="asJson">For a program.</param>
internal sealed class ItemPrinter(Terminal terminal, bool asJson)
{
    /// <summary>Items that were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes until the stream ends, or the limit is reached. What has come together is written together, and at once.</summary>
    /// <param name="result">The stream.</param>
    /// <param name="limit">How many items at most.</param>
    /// <param name="cancellationToken">Ends the writing between two items.</param>
    /// <returns>Whether the stream has ended by itself.</returns>
    /// <exception cref="Exception">What the stream has failed with. Its items are written.</exception>
    public async Task<bool> PrintAsync(AnyResult result, long limit, CancellationToken cancellationToken)
    {
        TextWriter writer = terminal.Items;
        while (await result.NextAsync().ConfigureAwait(false) is { } items)
        {
            foreach (object? item in items)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await writer.WriteLineAsync(Show(item)).ConfigureAwait(false);
                if (++Count == limit)
                {
                    await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                    return false;
                }
            }

            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private string Show(object? item) => asJson ? StrictJson.Write(item) : ValuePrinter.Show(item, terminal.Width);
}
