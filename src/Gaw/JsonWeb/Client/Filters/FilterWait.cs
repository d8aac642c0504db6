using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client.Filters;

/// <summary>
/// The wait of a caller for the filters of its call, which are the user's code and may wait for anything. It ends
/// with them, with the caller's token, and, where nothing of the call is under way, with the
/// deadline or the client. What is under way ends by itself at these, and the filters have a little time to go on.
/// </summary>
/// <param name="path">The call, for messages.</param>
/// <param name="limit">Its time, from now on.</param>
/// <param name="lifetime">The client.</param>
/// <param name="cancellationToken">The caller's.</param>
internal sealed class FilterWait(string path, TimeSpan limit, ClientLifetime lifetime, CancellationToken cancellationToken)
{
    /// <summary>How long the filters may take to go on after the call has ended, to log its end for example.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private SendCounter _sends;

    /// <summary>When the caller made the call, as a time stamp of the client's clock.</summary>
    public long Began { get; } = lifetime.Time.GetTimestamp();

    /// <summary>The time of the call.</summary>
    public TimeSpan Limit => limit;

    /// <summary>What is left of it, never below zero; <see cref="Timeout.InfiniteTimeSpan"/> where there is no end.</summary>
    public TimeSpan Rest => Deadline.RestOf(limit, lifetime.Time.GetElapsedTime(Began));

    /// <summary>What is known of the call's earlier attempts.</summary>
    public SentBefore Before { get; } = new();

    /// <summary>A filter goes on to the call itself.</summary>
    /// <exception cref="TimeoutException">Its caller waits for it no more.</exception>
    public void BeginSend()
    {
        if (!_sends.TryBegin())
        {
            throw new TimeoutException($"A filter of {path} went on after the call had ended. The call was not sent.");
        }
    }

    /// <summary>What was begun has ended.</summary>
    public void EndSend() => _sends.End();

    /// <summary>Blocks until the filters are through.</summary>
    /// <exception cref="TimeoutException">The deadline has passed.</exception>
    /// <exception cref="OperationCanceledException">The caller's token has fired.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    /// <exception cref="GawConnectionException">It was, and the call had been sent before.</exception>
    public void WaitFor(Task running)
    {
        using BlockingWait wait = BlockingWait.Enter();
        bool isOver = false;
        int seen;
        do
        {
            seen = _sends.Begun;
            try
            {
                Task.WaitAny(isOver ? [running] : [running, lifetime.Disposed], (int)GetPatience(isOver).TotalMilliseconds, isOver ? CancellationToken.None : cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // What has happened is looked at below.
            }
        }
        while (!running.IsCompleted && GoesOn(seen, ref isOver));
        ThrowUnlessThrough(running);
    }

    /// <inheritdoc cref="WaitFor"/>
    public async Task WaitForAsync(Task running)
    {
        bool isOver = false;
        int seen;
        do
        {
            seen = _sends.Begun;
            Task either = isOver ? Task.WhenAny(running) : Task.WhenAny(running, lifetime.Disposed);
            await either.WaitAsync(GetPatience(isOver), lifetime.Time, isOver ? CancellationToken.None : cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!running.IsCompleted && GoesOn(seen, ref isOver));
        ThrowUnlessThrough(running);
    }

    /// <summary>What is left of the call's time; behind the end of the call, what the filters have to go on.</summary>
    private TimeSpan GetPatience(bool isOver)
    {
        TimeSpan rest = Rest;
        return isOver || rest == TimeSpan.Zero ? Grace : rest;
    }

    /// <summary>The caller waits on: filters that have sent the call may learn of its end first, and what is under way ends by itself.</summary>
    private bool GoesOn(int seen, ref bool isOver)
    {
        bool wasOver = isOver;
        isOver |= cancellationToken.IsCancellationRequested || lifetime.IsDisposed || Rest == TimeSpan.Zero;
        return (isOver && !wasOver && seen > 0) || !_sends.TryGiveUp(seen);
    }

    private void ThrowUnlessThrough(Task running)
    {
        if (running.IsCompleted)
        {
            return;
        }

        // Nobody is left who looks at it.
        running.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
        throw Before.Explain(path, limit, lifetime.IsDisposed);
    }
}
