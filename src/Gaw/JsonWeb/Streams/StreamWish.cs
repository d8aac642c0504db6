namespace Gaw.JsonWeb.Streams;

/// <summary>The caller takes the result in parts.</summary>
/// <param name="Limit">How much may be sent, to begin with.</param>
/// <param name="Alive">It wants a sign of life at least so often; <see langword="null"/>: none.</param>
internal sealed record StreamWish(StreamTotals Limit, TimeSpan? Alive)
{
    /// <summary>Nobody gets a sign of life more often.</summary>
    public static readonly TimeSpan LeastAlive = TimeSpan.FromSeconds(1);
}
