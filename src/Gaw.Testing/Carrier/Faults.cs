namespace Gaw.Testing.Carrier;

/// <summary>The faults that a test injects. Read by the threads of calls, written by the test's own.</summary>
internal sealed class Faults
{
    /// <summary>Each of these pairs with the reads of calls: the test has set it before it makes the call.</summary>
    private volatile bool _refuses;
    private long _delayTicks;
    private int _repliesToLose;
    private int _requestsToLose;

    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _delayTicks));
        set => Volatile.Write(ref _delayTicks, value.Ticks);
    }

    public void LoseReplies(int count) => Interlocked.Add(ref _repliesToLose, count);

    public void LoseRequests(int count) => Interlocked.Add(ref _requestsToLose, count);

    /// <summary>This reply is one of those to lose.</summary>
    public bool TakesReply() => TryTake(ref _repliesToLose);

    /// <summary>This request is one of those to lose.</summary>
    public bool TakesRequest() => TryTake(ref _requestsToLose);

    private static bool TryTake(ref int left)
    {
        int seen = Volatile.Read(ref left);
        while (seen > 0)
        {
            int before = Interlocked.CompareExchange(ref left, seen - 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }
}
