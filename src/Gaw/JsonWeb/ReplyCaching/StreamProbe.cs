using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Streams;
using Gaw.Logging;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// The question whether a server takes arguments that are streams, before the first of them on a connection. An original
/// server, or one of an earlier version, answers that there is no such path, and runs nothing.
/// </summary>
internal sealed class StreamProbe : ProbeCall
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PendingCall _asker;
    private bool _takesStreams;

    private StreamProbe(PendingCall asker, CallIds ids, TimeProvider clock)
        : base(CallTarget.Send, clock, asker.GetRest(clock, clock.GetTimestamp()), ids)
    {
        _asker = asker;
        Refusals = asker.Refusals;
    }

    public override string Destination => _asker.Path;

    /// <summary>Asks; afterwards the connection knows.</summary>
    /// <param name="carrier">The server.</param>
    /// <param name="route">The connection.</param>
    /// <param name="asker">The call with the streams, for its deadline and for messages.</param>
    /// <param name="ids">Gives the question its id.</param>
    /// <param name="clock">The client's.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether the one who has answered takes streams; <see langword="null"/>: the connection is closed, or has no room any more, and nothing was asked.</returns>
    /// <exception cref="GawConnectionException">No reply came; the call was not sent.</exception>
    /// <exception cref="TimeoutException">No reply came in time; the call was not sent.</exception>
    public static async Task<bool?> TryAskAsync(RequestCarrier carrier, CallRoute route, PendingCall asker, CallIds ids, TimeProvider clock, CancellationToken cancellationToken)
    {
        StreamProbe call = new(asker, ids, clock);

        // After any reply of a server that may take streams, something is known of it.
        bool hasServed = route.GetServer(asker.Path) is not null;
        if (!call.TrySend(writer => carrier.TrySend(route, call, writer)))
        {
            return null;
        }

        await call._ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        switch (call.Error)
        {
            case null or GawRemoteException:
                route.SetServer(asker.Path, KnownServer.After(route.GetServer(asker.Path) as KnownServer, call._takesStreams));
                return call._takesStreams;
            case GawConnectionException lost:
                // The call itself was not sent, even where the question may have been read: a connection that had served before has grown stale.
                throw new GawConnectionException($"The server at {carrier.EndPoint} did not say whether it takes streams, so {asker.Path} was not sent: {lost.Message}", carrier.EndPoint, CallExecution.NotRun, lost)
                {
                    WasStale = lost.WasStale || (hasServed && lost.InnerException is not ObjectDisposedException),
                    WasFull = lost.WasFull,
                    HasWaited = lost.HasWaited,
                };
            case TimeoutException:
                asker.MetSilence = call.MetSilence;
                throw new TimeoutException($"The server at {carrier.EndPoint} did not say within {DurationText.Of(asker.Timeout)} (CallTimeout, or the call's own Timeout) whether it takes streams, so nothing of {asker.Path} was sent. Can it be busy with a call before?", call.Error);
            default:
                ExceptionDispatchInfo.Throw(call.Error);
                throw call.Error;
        }
    }

    protected override bool TryTakeMember(JsonText name, ref JsonReader reader)
    {
        if (!name.Equals(StreamMeta.StreamsName))
        {
            return false;
        }

        _takesStreams = PythonTruth.IsTrue(reader.Skip());
        return true;
    }

    protected override void Continue() => _ended.TrySetResult();
}
