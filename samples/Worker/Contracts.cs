using Gaw;

namespace Worker;

/// <summary>What the callers of this worker see.</summary>
[Service]
public interface IStock
{
    /// <summary>Puts items on the shelf.</summary>
    /// <returns>How many there are then.</returns>
    Task<int> PutAsync(string name, int count, CancellationToken cancellationToken = default);

    /// <summary>Takes items from the shelf, all of them or none.</summary>
    /// <returns>What they cost.</returns>
    Task<decimal> TakeAsync(string name, int count, CancellationToken cancellationToken = default);
}

/// <summary>What the worker itself calls.</summary>
[Service]
public interface IPrices
{
    /// <summary>What one of it costs.</summary>
    Task<decimal> OfAsync(string name, CancellationToken cancellationToken = default);
}
