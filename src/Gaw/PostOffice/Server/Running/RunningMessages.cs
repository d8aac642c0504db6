using Gaw.Scheduling;

namespace Gaw.PostOffice.Server.Running;

/// <summary>How many messages of a connection are under way, queued ones included. Thread-safe.</summary>
internal sealed class RunningMessages
{
    /// <summary>How often it is looked whether only messages are left that wait for the server to stop.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly InFlightCounter _all = new();
    private readonly InFlightCounter _inOrder = new();

    /// <summary>A counter: the increment and the decrement pair with the read in <see cref="IsDoneButForStop"/>.</summary>
    private int _awaitingStop;

    /// <summary>All of them, until they have ended.</summary>
    public int Count => _all.Value;

    /// <summary>An in-order message is not answered yet.</summary>
    public bool HasInOrder => _inOrder.Value > 0;

    /// <summary>Calls run whose peer, which does not wait for their replies, may still send others meanwhile.</summary>
    public bool HasOutOfOrder => _all.Value > _inOrder.Value;

    /// <summary>All have ended but those that wait for the server to stop. The read pairs with the interlocked writes below; a count that is a moment old is looked at again.</summary>
    public bool IsDoneButForStop => _all.Value <= Volatile.Read(ref _awaitingStop);

    public void Enter(bool inOrder)
    {
        _all.Increment();
        if (inOrder)
        {
            _inOrder.Increment();
        }
    }

    /// <summary>An in-order message is answered: the next one may begin.</summary>
    public void LeaveOrder() => _inOrder.Decrement();

    /// <summary>A message has ended.</summary>
    public void Leave() => _all.Decrement();

    /// <summary>A message waits for the server to stop.</summary>
    public void AwaitStop() => Interlocked.Increment(ref _awaitingStop);

    /// <summary>A message that has waited for the server to stop is answered.</summary>
    public void StopAwaitingStop() => Interlocked.Decrement(ref _awaitingStop);

    /// <summary>Completes when the in-order message is answered; for one waiter.</summary>
    public Task WhenOrderFreeAsync() => _inOrder.WhenZeroAsync();

    /// <summary>Completes when <see cref="IsDoneButForStop"/>, or when the token fires; for one waiter.</summary>
    public async Task WhenDoneButForStopAsync(CancellationToken cancellationToken)
    {
        while (!IsDoneButForStop && !cancellationToken.IsCancellationRequested)
        {
            await WhenNoneAsync().WaitAsync(Look, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Completes when all have ended; for one waiter.</summary>
    public Task WhenNoneAsync() => _all.WhenZeroAsync();
}
