using System.Net;
using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Streams;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// The question whether a server takes arguments that are streams, before the first of them on a connection: an original server, or one of an earlier version, answers that there is no such path, and runs nothing.
/// </summary>
internal sealed class StreamProbe : PendingCall
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _takesStreams;

    private StreamProbe(TimeProvider clock, TimeSpan time)
    {
        Timeout = time;
        Began = SentAt = clock.GetTimestamp();
    }

    public override string Path => CallTarget.Send.Path;

    /// <summary>Asks; afterwards the connection knows.</summary>
    /// <param name="route">The connection.</param>
    /// <param name="endPoint">The server, for messages.</param>
    /// <param name="rest">What is left of the time of the call.</param>
    /// <param name="ids">Gives the question its id.</param>
    /// <param name="clock">The client's.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GawConnectionException">No reply came; the call was not sent.</exception>
    /// <exception cref="TimeoutException">No reply came in time; the call was not sent.</exception>
    public static async Task<bool> AskAsync(CallRoute route, EndPoint endPoint, TimeSpan rest, CallIds ids, TimeProvider clock, CancellationToken cancellationToken)
    {
        StreamProbe call = new(clock, rest) { IdPrefix = ids.Next(out int key), Key = key };
        JsonWriter writer = RequestCarrier.RentUnlimitedWriter();
        ControlRequestWriter.WriteProbe(writer, call.IdPrefix, key, CallTarget.Send);
        if (!route.TrySend(call, writer))
        {
            RequestCarrier.ReturnWriter(writer);
            throw new GawConnectionException($"The connection to {endPoint} was closed before the call was sent.", endPoint, CallExecution.NotRun);
        }

        await call._ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        switch (call.Error)
        {
            case null or GawRemoteException:
                route.Server = KnownServer.After(route.Server as KnownServer, call._takesStreams);
                return call._takesStreams;
            case GawConnectionException lost:
                throw new GawConnectionException($"The server at {endPoint} did not say whether it takes streams, so the call was not sent: {lost.Message}", endPoint, CallExecution.NotRun, lost);
            default:
                ExceptionDispatchInfo.Throw(call.Error);
                throw call.Error;
        }
    }

    /// <summary>Also an error is a reply: of a server that does not know the path.</summary>
    public override bool TryRead(ReadOnlySpan<byte> reply) => true;

    public override void TakeMeta(ReadOnlySpan<byte> meta)
    {
        JsonReader reader = new(meta, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(StreamMeta.StreamsName))
            {
                _takesStreams = PythonTruth.IsTrue(reader.Skip());
            }
            else
            {
                reader.Skip();
            }
        }
    }

    protected override void Continue() => _ended.TrySetResult();
}
