namespace Streams;

/// <summary>Calls it.</summary>
internal static class Caller
{
    public static async Task RunAsync(IDepot depot, CancellationToken token = default)
    {
        // A watch has no end of its own: leaving the loop ends the method on the server.
        int seen = 0;
        await foreach (Change change in depot.WatchAsync("nail", token))
        {
            Console.WriteLine($"{change.Count} of {change.Name} are left");
            if (++seen == 3)
            {
                break;
            }
        }

        // Nothing is read before the depot asks for it, and what this method throws is what the call fails with.
        Console.WriteLine($"imported {await depot.ImportAsync(ReadAsync(200), 200, new Bar(), token)} articles");

        // As fast as this loop takes them, and never more than 256 KiB ahead of it.
        int count = 0;
        await foreach (Item item in depot.ExportAsync(token))
        {
            count += item.Count > 0 ? 1 : 0;
        }

        Console.WriteLine($"{count} articles are in the depot");
    }

    /// <summary>Stands for a file that is read line by line.</summary>
    private static async IAsyncEnumerable<Item> ReadAsync(int count)
    {
        for (int i = 1; i <= count; i++)
        {
            await Task.Yield();
            yield return new Item($"article {i}", i);
        }
    }
}
