using System.Diagnostics.CodeAnalysis;
using Gaw.Logging;
using Gaw.Nats.Engine;

namespace Gaw.Nats.Server;

/// <summary>
/// The stop of a worker: it leaves the queue groups, takes what the engine had sent before that, lets calls finish,
/// and sees their replies off. All of it has <c>DrainTimeout</c>, also where the engine is
/// away; what is asked about running calls is answered meanwhile.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It has no timer and no wait handle; whoever waits may shorten the stop to its very end.")]
internal sealed class NatsDrain(Worker worker)
{
    /// <summary>The engine has so much time to take note of what was sent, where it is there.</summary>
    private static readonly TimeSpan FenceTime = TimeSpan.FromSeconds(5);

    /// <summary>The engine has so much time to take the replies of calls that were cut off.</summary>
    private static readonly TimeSpan LastRepliesTime = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource _othersDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing runs but calls that wait for this very stop.</summary>
    public Task OthersDone => _othersDone.Task;

    /// <summary>Whoever waits for the stop may end it.</summary>
    public void Hurry() => _hurry.Cancel();

    public async Task RunAsync(IReadOnlyList<MessageSubscription> calls)
    {
        TimeSpan limit = worker.PostOffice.Options.DrainTimeout;
        worker.Log.DrainingCalls(worker.Link.Address, worker.Requests.Running.Count);
        using CancellationTokenSource timeUp = new(limit, worker.PostOffice.Options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _hurry.Token);
        await StepAsync("the engine takes note that no more calls are wanted", token => NatsLink.DrainAsync(calls, token), FenceTime, either.Token).ConfigureAwait(false);
        await worker.Requests.Running.WhenDoneButForStopAsync(either.Token).ConfigureAwait(false);
        bool cutsOff = !worker.Requests.Running.IsDoneButForStop;
        if (cutsOff)
        {
            worker.Log.CutOffCalls(worker.Requests.Running.Count, DurationText.Of(limit));
            worker.CutOffCalls();
        }

        // The time is up where calls were cut off, but their callers are to learn at once which of them have not run.
        await StepAsync("the last replies leave", worker.Link.PingAsync, cutsOff ? LastRepliesTime : FenceTime, cutsOff ? CancellationToken.None : either.Token).ConfigureAwait(false);
        _othersDone.TrySetResult();
        if (!either.IsCancellationRequested)
        {
            // A call that has asked for this stop is answered, too.
            await worker.Requests.Running.WhenNoneAsync().WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StepAsync("the last replies leave", worker.Link.PingAsync, FenceTime, either.Token).ConfigureAwait(false);
        }
    }

    /// <summary>A step that needs the engine. Where it is away, nothing can be done about it.</summary>
    private async Task StepAsync(string name, Func<CancellationToken, Task> step, TimeSpan time, CancellationToken cancellationToken)
    {
        if (!worker.Link.IsOpen || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        try
        {
            await step(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            worker.Log.StepFailed(name, e);
        }
    }
}
