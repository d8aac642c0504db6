using Gaw;

namespace Streams;

/// <summary>A depot of articles.</summary>
[Service]
public interface IDepot
{
    /// <summary>Every change of an article, as it happens. Goes on until the caller leaves.</summary>
    IAsyncEnumerable<Change> WatchAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All that is in the depot.</summary>
    IAsyncEnumerable<Item> ExportAsync(CancellationToken cancellationToken = default);

    /// <summary>Puts items into the depot as they come. Who says how many they are is told how far it is, from 0 to 1.</summary>
    Task<int> ImportAsync(IAsyncEnumerable<Item> items, int count = 0, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>So many pieces are left of an article.</summary>
[GawSerializable]
public sealed record Change(string Name, int Count);

/// <summary>An article.</summary>
[GawSerializable]
public sealed record Item(string Name, int Count);
