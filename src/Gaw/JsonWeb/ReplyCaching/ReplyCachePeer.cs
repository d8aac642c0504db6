namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>A server that keeps replies, as a client knows it.</summary>
internal sealed class ReplyCachePeer(ReplyCacheInfo server, TimeProvider time)
{
    /// <summary>Two clocks may drift apart by so much, as a part of the time that has passed since the server told its own.</summary>
    private const double Drift = 0.001;

    /// <summary>So often it is worth to be told anew.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>Replaced as a whole by <see cref="Tell"/>; pairs with the read in <see cref="Keep"/>, which sees the figure and its time stamp together or not at all.</summary>
    private volatile Told _told = new(server.NowMs, time.GetTimestamp());

    public long Server => server.Server;

    /// <summary>For a request that is sent now.</summary>
    public ReplyCacheKey Keep() => new(server.Server, GetNow(_told));

    /// <summary>A reply has told the time anew: the estimate gets no worse with the age of the connection.</summary>
    public void Tell(ReplyCacheInfo again)
    {
        Told told = _told;
        if (again.Server == server.Server && time.GetElapsedTime(told.At) >= Fresh && again.NowMs >= GetNow(told))
        {
            _told = new Told(again.NowMs, time.GetTimestamp());
        }
    }

    /// <summary>The earliest that it can be on the server's clock.</summary>
    private long GetNow(Told told) => told.NowMs + (long)(time.GetElapsedTime(told.At).TotalMilliseconds * (1 - Drift));

    private sealed record Told(long NowMs, long At);
}
