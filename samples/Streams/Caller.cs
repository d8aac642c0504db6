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

        List<Item> items = [.. Enumerable.Range(1, 200).Select(static i => new Item($"article {i}", i))];
        Console.WriteLine($"imported {await depot.ImportAsync(items, new Bar(), token)} articles");

        // As fast as this loop takes them, and never more than 256 KiB ahead of it.
        int count = 0;
        await foreach (Item item in depot.ExportAsync(token))
        {
            count += item.Count > 0 ? 1 : 0;
        }

        Console.WriteLine($"{count} articles are in the depot");
    }
}
