namespace Gaw.Nats.Server.Requests;

/// <summary>What became of the calls of one method since the worker was started. Thread-safe; each count stands for itself.</summary>
internal sealed class RouteStats
{
    /// <summary>A counter: the increment pairs with the read in <see cref="Runs"/>.</summary>
    private long _runs;

    /// <summary>A counter: the increment pairs with the read in <see cref="Errors"/>.</summary>
    private long _errors;

    /// <summary>A sum: the addition pairs with the read in <see cref="Time"/>.</summary>
    private long _ticks;

    public long Runs => Interlocked.Read(ref _runs);

    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>From their arrival until their replies, all together.</summary>
    public TimeSpan Time => new(Interlocked.Read(ref _ticks));

    public void Count(TimeSpan time, bool hasFailed)
    {
        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _ticks, time.Ticks);
        if (hasFailed)
        {
            Interlocked.Increment(ref _errors);
        }
    }
}
