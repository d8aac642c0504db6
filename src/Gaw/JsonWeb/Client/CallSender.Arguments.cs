using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Logging;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client;

internal sealed partial class CallSender
{
    /// <summary>After a call could not be sent: completes when it is worth trying again. Where its arguments are streams it is found out first how the server takes them.</summary>
    /// <returns>The server to be asked now, and whether a connection to it was opened for the call.</returns>
    private Task<(RequestCarrier Server, bool WasOpened)> WaitToSendAsync(
        RequestCarrier server, OutgoingCall call, bool wasOpened, bool isBound, TimeSpan connectTime, CancellationToken cancellationToken) =>
        call.Streams is { WereWritten: true, AreLists: false } streams && server.FindUsable(call.SentAt) is { } route
            ? PrepareAsync(streams, server, route, call, wasOpened, cancellationToken)
            : _servers.WaitForCapacityAsync(server, call, wasOpened, isBound, connectTime, cancellationToken);

    private async Task<(RequestCarrier Server, bool WasOpened)> PrepareAsync(
        ArgumentStreams streams, RequestCarrier server, CallRoute route, OutgoingCall call, bool wasOpened, CancellationToken cancellationToken)
    {
        TimeSpan rest = call.GetRest(_options.TimeProvider, _options.TimeProvider.GetTimestamp());
        bool takesStreams = !streams.WereRefused && !route.IsSequential && !route.NeedsLease
            && ((route.Server as KnownServer)?.TakesStreams ?? await StreamProbe.AskAsync(route, server.EndPoint, rest, _attempts.Ids, _options.TimeProvider, cancellationToken).ConfigureAwait(false));
        if (takesStreams)
        {
            return (server, wasOpened);
        }

        rest = call.GetRest(_options.TimeProvider, _options.TimeProvider.GetTimestamp());
        Task collecting = streams.CollectAsync(_options.MaxFrameBytes, cancellationToken);
        try
        {
            await collecting.WaitAsync(rest, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!collecting.IsCompleted)
        {
            streams.End();
            throw new TimeoutException($"{call.Path} takes a list, and the stream that was given for it did not end within {DurationText.Of(call.Timeout)} (CallTimeout, or the call's own Timeout). Nothing was sent.");
        }

        return (server, wasOpened);
    }
}
