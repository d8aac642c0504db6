using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>Writes the items of a stream as they come: for a person as they are shown, for a program each as JSON on a line of its own.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="asJson">For a program.</param>
/// <param name="progress">What may stand on the terminal meanwhile.</param>
internal sealed class ItemPrinter(Terminal terminal, bool asJson, ProgressView? progress)
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
        while (Count < limit)
        {
            if (await result.NextAsync().ConfigureAwait(false) is not { } items)
            {
                return true;
            }

            if (progress is null)
            {
                Write(items, limit, cancellationToken);
            }
            else
            {
                progress.WriteBeside(() => Write(items, limit, cancellationToken));
            }
        }

        return false;
    }

    private void Write(List<object> items, long limit, CancellationToken cancellationToken)
    {
        foreach (object? item in items.Take((int)Math.Min(items.Count, limit - Count)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            terminal.Items.WriteLine(asJson ? StrictJson.Write(item) : ValuePrinter.Show(item, terminal.Width));
            Count++;
        }

        terminal.Items.Flush();
    }
}
