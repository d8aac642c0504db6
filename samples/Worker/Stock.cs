using Gaw;

namespace Worker;

/// <summary>The service: made for each call, with what the call's scope has.</summary>
public sealed class Stock(Shelf shelf, IPrices prices, ILogger<Stock> logger) : IStock
{
    /// <inheritdoc/>
    public Task<int> PutAsync(string name, int count, CancellationToken cancellationToken = default) =>
        count > 0 ? shelf.ChangeAsync(name, count, cancellationToken) : throw new GawError("ValueError", $"{count} of {name} cannot be put on the shelf. Give a count of 1 or more.");

    /// <inheritdoc/>
    public async Task<decimal> TakeAsync(string name, int count, CancellationToken cancellationToken = default)
    {
        decimal price = await prices.OfAsync(name, cancellationToken);
        int left = await shelf.ChangeAsync(name, -count, cancellationToken);
        logger.LogInformation("{Count} of {Name} are taken, {Left} are left", count, name, left);
        return count * price;
    }
}

/// <summary>The service that the worker calls; in real life in another process.</summary>
public sealed class Prices : IPrices
{
    /// <inheritdoc/>
    public Task<decimal> OfAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(name.Length * 0.25m);
}
