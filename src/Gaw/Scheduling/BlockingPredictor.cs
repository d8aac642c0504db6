namespace Gaw.Scheduling;

/// <summary>
/// What is known of work that is run again and again: whether it keeps its thread. Then it had better not begin on the thread of a read loop, as
/// every call of it would hold up the loop until it is taken over (<see cref="LoopLease"/>).
/// </summary>
internal sealed class BlockingPredictor
{
    /// <summary>So many calls are given another thread after one that has blocked; then one is tried in line again.</summary>
    private const int Lasting = 100;

    /// <summary>A guess: the writes pair with the read in <see cref="IsLikely"/>, and of two threads that count down at once, the exchange lets neither leave it below zero.</summary>
    private int _left;

    /// <summary>The next call will probably keep its thread.</summary>
    public bool IsLikely => Volatile.Read(ref _left) > 0;

    /// <summary>A call has kept its thread for so many milliseconds.</summary>
    public void Took(long milliseconds)
    {
        if (milliseconds >= LoopLease.StallMilliseconds)
        {
            HasBlocked();
        }
        else if (IsLikely)
        {
            HasNot();
        }
    }

    /// <summary>A call has kept its thread for some milliseconds.</summary>
    public void HasBlocked() => Volatile.Write(ref _left, Lasting);

    /// <summary>A call has given its thread back soon.</summary>
    public void HasNot()
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            Interlocked.CompareExchange(ref _left, 0, -1);
        }
    }
}
