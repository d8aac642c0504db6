using System.Diagnostics.CodeAnalysis;
using System.Net;
using Gaw.Logging;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Server.Draining;

/// <summary>The drain of one server: its connections end as their calls do, and those that are left when the time is over are cut off.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Calls may ask for the token after the end; without timer and wait handle there is nothing to give back.")]
internal sealed class ServerDrain(ConnectionRegistry connections, PostOfficeServerOptions options, ILogger logger)
{
    /// <summary>Grace period for the stop notice to reach the peer; many round trips. Restarts while a peer that was told keeps sending.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _cutOff = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource _othersDone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fires when the calls that are left at the end are cut off.</summary>
    public CancellationToken CutOff => _cutOff.Token;

    public bool IsCutOff => _cutOff.IsCancellationRequested;

    /// <summary>Completes when nothing runs but messages that wait for this very stop.</summary>
    public Task OthersDone => _othersDone.Task;

    /// <summary>Whoever waits for the stop may shorten it.</summary>
    public void Hurry() => CallCancellation.Cancel(_hurry, logger);

    /// <summary>Begins when the server accepts no further connection.</summary>
    public async Task RunAsync(IPEndPoint endPoint)
    {
        ServerConnection[] open = [.. connections.All];
        logger.Draining(endPoint, open.Length);
        Array.ForEach(open, static connection => connection.BeginDrain());
        Task allEnded = Task.WhenAll(open.Select(static connection => connection.Ended));
        using CancellationTokenSource timeUp = new(options.DrainTimeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, _hurry.Token);
        bool isShort = options.DrainTimeout < 2 * GracePeriod && options.DrainTimeout != Timeout.InfiniteTimeSpan;
        TimeSpan untilLook = isShort ? options.DrainTimeout / 2 : GracePeriod;
        while (!allEnded.IsCompleted && !either.IsCancellationRequested)
        {
            await allEnded.WaitAsync(untilLook, options.TimeProvider, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Array.ForEach(open, static connection => connection.EndGrace());
            if (connections.All.All(static connection => connection.IsDoneButForStop))
            {
                _othersDone.TrySetResult();
            }
        }

        if (allEnded.IsCompleted)
        {
            return;
        }

        ServerConnection[] left = [.. connections.All];
        logger.CutOff(left.Length, DurationText.Of(options.DrainTimeout));
        CallCancellation.Cancel(_cutOff, logger);
        await Task.WhenAll(left.Select(static connection => connection.CutOffAsync())).ConfigureAwait(false);
    }
}
