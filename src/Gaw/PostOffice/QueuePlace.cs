using Gaw.Scheduling;

namespace Gaw.PostOffice;

/// <summary>The place of a message in the queue of its carrier. The work of the message begins on a thread of the pool.</summary>
/// <param name="isLikelyToBlock">The work will probably keep its thread, for which the pool gets another one.</param>
internal abstract class QueuePlace(bool isLikelyToBlock) : IThreadPoolWorkItem
{
    /// <inheritdoc cref="InboundMessage.IsWithdrawn"/>
    public abstract bool IsWithdrawn { get; }

    /// <summary>It was dropped while it waited, so it does not begin any more.</summary>
    public abstract bool IsDropped { get; }

    /// <summary>The work was expected to keep its thread.</summary>
    protected bool IsLikelyToBlock => isLikelyToBlock;

    /// <summary>Has the work begin on a thread of the pool: a place among the running calls is its own from now on.</summary>
    public void Queue()
    {
        if (isLikelyToBlock)
        {
            // Counted from now on, so that the pool has a thread for it as soon as it is queued.
            PoolCompensation.Change(1);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Begin();
        if (isLikelyToBlock)
        {
            PoolCompensation.Change(-1);
        }
    }

    /// <summary>A thread of the pool is there. Never throws.</summary>
    protected abstract void Begin();
}
