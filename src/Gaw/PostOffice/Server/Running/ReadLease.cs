using Gaw.Scheduling;

namespace Gaw.PostOffice.Server.Running;

/// <summary>
/// The values of a message are read on the loop's own thread, out of its receive buffer, and their types run code of the service. Where that takes long, another thread goes on with the
/// loop and with a buffer of its own; the message that is being read counts as running, and its thread gives it to the pool.
/// </summary>
/// <param name="running">Counts the messages.</param>
/// <param name="startLoop">Another thread goes on with the loop.</param>
/// <param name="isWatched">As at <see cref="LoopLease"/>.</param>
internal sealed class ReadLease(RunningMessages running, Action startLoop, bool isWatched)
{
    /// <summary>The current thread has lost its loop, and has not noticed yet.</summary>
    [ThreadStatic]
    private static bool _isLost;

    private LoopLease? _lease;

    /// <summary>Written before the lease is entered, and read by whoever takes it over.</summary>
    private BlockingPredictor? _predictor;

    /// <summary>Written before the loop's next thread starts, which reads it.</summary>
    private bool _leavesBuffer;

    /// <summary>The code of the types begins. It may be on its own from the start, where it has blocked before.</summary>
    /// <returns>For <see cref="Leave"/>.</returns>
    public long Enter(BlockingPredictor predictor)
    {
        _lease ??= new LoopLease(TakeOver, onPool: true, isWatched);
        _predictor = predictor;
        long token = _lease.Enter();
        if (predictor.IsLikely)
        {
            _lease.GiveUp(token);
        }

        return token;
    }

    /// <summary>The code of the types is done.</summary>
    public void Leave(long token) => _isLost = !_lease!.TryLeave(token);

    /// <summary>Whether the current thread has lost its loop in the last read; said once.</summary>
    public static bool TakeLoss()
    {
        bool isLost = _isLost;
        if (isLost)
        {
            _isLost = false;
        }

        return isLost;
    }

    /// <summary>For the loop's new thread: the buffer belongs to the one that still reads a message in it; said once.</summary>
    public bool TakeBufferLoss()
    {
        bool leaves = _leavesBuffer;
        _leavesBuffer = false;
        return leaves;
    }

    private void TakeOver()
    {
        if (_predictor is { IsLikely: false } predictor)
        {
            predictor.HasBlocked();
        }

        running.Enter(inOrder: false);
        _leavesBuffer = true;
        startLoop();
    }
}
