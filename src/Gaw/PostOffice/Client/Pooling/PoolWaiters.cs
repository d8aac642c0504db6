namespace Gaw.PostOffice.Client.Pooling;

/// <summary>The callers that wait for a connection, the one that came first in front. Used under the gate of the pool.</summary>
internal sealed class PoolWaiters
{
    private readonly Queue<TaskCompletionSource> _waiters = new();

    /// <summary>A caller waits from now on.</summary>
    public void Add(TaskCompletionSource waiter) => _waiters.Enqueue(waiter);

    /// <summary>Wakes the first that still waits, or all.</summary>
    public void Release(bool forAll)
    {
        while (_waiters.TryDequeue(out TaskCompletionSource? waiter))
        {
            if (waiter.TrySetResult() && !forAll)
            {
                return;
            }
        }
    }
}
