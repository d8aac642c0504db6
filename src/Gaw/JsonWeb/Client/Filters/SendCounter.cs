namespace Gaw.JsonWeb.Client.Filters;

/// <summary>What the filters of one call have under way of it. The last of it and the caller's giving up do not miss each other. Thread-safe, and never copied.</summary>
internal struct SendCounter
{
    /// <summary>In place of how many are under way: the caller waits for the call no more, so none begins any more.</summary>
    private const int GivenUp = int.MinValue;

    /// <summary>
    /// How often the call, or a repetition of it by a filter, has begun. The increment pairs with the reads of
    /// <see cref="Begun"/> by those who wait: a send that begins while they look is seen.
    /// </summary>
    private int _begun;

    /// <summary>
    /// How many are under way. The increment in <see cref="TryBegin"/> pairs with the exchange in
    /// <see cref="TryGiveUp"/>: a send that begins and a caller that gives up do not miss each other.
    /// </summary>
    private int _underWay;

    /// <summary>How often something was begun.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>A filter goes on to the call itself.</summary>
    /// <returns><see langword="false"/>: the caller has given up.</returns>
    public bool TryBegin()
    {
        Interlocked.Increment(ref _begun);
        return Interlocked.Increment(ref _underWay) > 0;
    }

    /// <summary>What was begun has ended. Not for what was refused.</summary>
    public void End() => Interlocked.Decrement(ref _underWay);

    /// <summary>Gives up, unless something is under way, or has begun since <see cref="Begun"/> was <paramref name="seen"/>.</summary>
    public bool TryGiveUp(int seen) => Begun == seen && Interlocked.CompareExchange(ref _underWay, GivenUp, 0) == 0;
}
