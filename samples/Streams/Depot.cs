using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Streams;

/// <summary>Serves it. Nothing here knows that callers are elsewhere.</summary>
public sealed class Depot : IDepot
{
    private static readonly ConcurrentDictionary<string, int> Counts = new() { ["nail"] = 100, ["screw"] = 20, ["bolt"] = 7 };

    /// <inheritdoc/>
    public async IAsyncEnumerable<Change> WatchAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            using PeriodicTimer sales = new(TimeSpan.FromMilliseconds(100));
            while (await sales.WaitForNextTickAsync(cancellationToken))
            {
                yield return new Change(name, Counts.AddOrUpdate(name, 0, static (_, count) => Math.Max(0, count - 1)));
            }
        }
        finally
        {
            // Runs when the caller leaves its loop, dies or is cut off.
            Console.WriteLine($"server: nobody watches {name} any more");
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Item> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((string name, int count) in Counts.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            // Here a database would be read: as fast as the caller takes the items, and no faster.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Item(name, count);
        }
    }

    /// <inheritdoc/>
    public async Task<int> ImportAsync(IAsyncEnumerable<Item> items, int count, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int done = 0;

        // The caller is asked for its items here, as fast as this loop goes: never more than 256 KiB ahead of it.
        await foreach (Item item in items.WithCancellation(cancellationToken))
        {
            await Task.Delay(5, cancellationToken);
            Counts[item.Name] = item.Count;
            done++;
            if (count > 0)
            {
                // As often as it likes: only the newest state is sent, 20 times a second at most.
                progress!.Report((double)done / count);
            }
        }

        return done;
    }
}
