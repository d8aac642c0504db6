namespace Gaw.Scheduling;

/// <summary>How many of something are under way, and a task for the moment when none is.</summary>
internal sealed class InFlightCounter
{
    /// <summary>The decrement pairs with the exchange in <see cref="WhenZeroAsync"/>: either the last one sees the waiter, or the waiter sees zero.</summary>
    private int _count;

    /// <summary>Put in place before the count is read; pairs with <see cref="Decrement"/>, which reads it after the count.</summary>
    private TaskCompletionSource? _waiter;

    public int Value => Volatile.Read(ref _count);

    public void Increment() => Interlocked.Increment(ref _count);

    public void Decrement()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Interlocked.Exchange(ref _waiter, null)?.TrySetResult();
        }
    }

    /// <summary>For one waiter at a time: completes when the count is, or comes to, zero.</summary>
    public Task WhenZeroAsync()
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _waiter, waiter);
        if (Value == 0)
        {
            waiter.TrySetResult();
        }

        return waiter.Task;
    }
}
