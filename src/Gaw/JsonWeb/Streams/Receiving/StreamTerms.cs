using System.Net;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>What a caller and its client want of a stream.</summary>
/// <param name="Server">The server's address, for messages.</param>
/// <param name="Clock">The client's.</param>
/// <param name="Window">How much may be under way, or wait for its consumer.</param>
/// <param name="LargestItem">The most that one item can have, in bytes.</param>
/// <param name="Silence">The longest time without a part; <see cref="Timeout.InfiniteTimeSpan"/>: there is none.</param>
/// <param name="Whole">The longest time for all of it; <see cref="Timeout.InfiniteTimeSpan"/>: there is none.</param>
internal sealed record StreamTerms(EndPoint Server, TimeProvider Clock, StreamTotals Window, int LargestItem, TimeSpan Silence, TimeSpan Whole)
{
    /// <summary>Several signs of life come before a silence is too long, so that one may be late.</summary>
    private const int SignsOfLife = 3;

    /// <summary>What the server is told.</summary>
    public StreamWish Wish => new(Window, Silence == Timeout.InfiniteTimeSpan ? null : Silence / SignsOfLife > StreamWish.LeastAlive ? Silence / SignsOfLife : StreamWish.LeastAlive);
}
