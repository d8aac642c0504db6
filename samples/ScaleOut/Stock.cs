using Gaw;

namespace ScaleOut;

/// <summary>What callers see; it stays as it is, however many workers there are.</summary>
[Service("stock")]
public interface IStock
{
    /// <summary>Counts the pieces of an article, and says who has counted.</summary>
    [Entrypoint(Idempotent = true)]
    Task<Counted> CountAsync(string article);
}

/// <summary>A count.</summary>
/// <param name="Pieces">So many pieces.</param>
/// <param name="Worker">The process that has counted.</param>
[GawSerializable]
public sealed record Counted(int Pieces, int Worker);

/// <summary>Serves it.</summary>
public sealed class Stock : IStock
{
    /// <inheritdoc/>
    public async Task<Counted> CountAsync(string article)
    {
        await Task.Delay(50);
        return new Counted(article.Length * 100, Environment.ProcessId);
    }
}
