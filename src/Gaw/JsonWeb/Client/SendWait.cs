using Gaw.JsonWeb.Client.Retries;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Logging;
using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Client;

/// <summary>What a call waits for that could not be sent: room on a connection, or, where its arguments are streams, how the server takes them.</summary>
internal sealed class SendWait(JsonWebClientOptions options, ServerPicker servers, CallAttempts attempts)
{
    /// <summary>Completes when it is worth trying again.</summary>
    /// <returns>The server to be asked now, and whether a connection to it was opened for the call.</returns>
    public Task<(RequestCarrier Server, bool WasOpened)> WaitAsync(in AttemptState attempt, OutgoingCall call, CancellationToken cancellationToken) =>
        call.Streams is { WereWritten: true, AreLists: false } streams && attempt.Server.FindUsable(call.SentAt) is { } route
            ? PrepareAsync(streams, attempt.Server, route, call, attempt.WasOpened, cancellationToken)
            : servers.WaitForCapacityAsync(attempt.Server, call, attempt.WasOpened, attempt.IsBound, attempts.GetConnectTime(call.Began, attempt.Failed), cancellationToken);

    private async Task<(RequestCarrier Server, bool WasOpened)> PrepareAsync(
        ArgumentStreams streams, RequestCarrier server, CallRoute route, OutgoingCall call, bool wasOpened, CancellationToken cancellationToken)
    {
        // Where nothing has to be waited for, a call that tries again and again meets its deadline here.
        cancellationToken.ThrowIfCancellationRequested();
        if (GetRest(call) == TimeSpan.Zero)
        {
            throw new TimeoutException($"{call.Path} found no room on a connection within {DurationText.Of(call.Timeout)} (CallTimeout, or the call's own Timeout). Nothing of it was sent.");
        }

        bool? takesStreams = streams.WereRefused || route.IsSequential ? false : (route.GetServer(call.Path) as KnownServer)?.TakesStreams;
        if (takesStreams is null)
        {
            if (await StreamProbe.TryAskAsync(server, route, call, attempts.Ids, options.TimeProvider, cancellationToken).ConfigureAwait(false) is not { } takes)
            {
                // The connection is closed, or another call was quicker: a look at all of them is next.
                return (server, wasOpened);
            }

            // Where several share an address, one who takes lists may answer this call, and one who takes streams another.
            takesStreams = takes || route.GetServer(call.Path) is KnownServer { TakesStreams: true };
        }

        if (takesStreams.Value)
        {
            return (server, wasOpened);
        }

        await CollectAsync(streams, call, cancellationToken).ConfigureAwait(false);
        return (server, wasOpened);
    }

    /// <summary>Collects the items, within the time of the call. Whatever ends the waiting ends the collecting.</summary>
    private async Task CollectAsync(ArgumentStreams streams, OutgoingCall call, CancellationToken cancellationToken)
    {
        Task collecting = streams.CollectAsync(options.MaxFrameBytes);
        try
        {
            await collecting.WaitAsync(GetRest(call), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            streams.End();

            // What the source throws from now on is nobody's.
            collecting.ContinueWith(
                static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Forget();
            if (e is TimeoutException && streams.Failure != e)
            {
                throw new TimeoutException($"{call.Path} takes a list, and the stream that was given for it did not end within {DurationText.Of(call.Timeout)} (CallTimeout, or the call's own Timeout). Nothing was sent.");
            }

            throw;
        }
    }

    private TimeSpan GetRest(OutgoingCall call) => call.GetRest(options.TimeProvider, options.TimeProvider.GetTimestamp());
}
