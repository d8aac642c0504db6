using System.Net;
using Gaw.Nats.Engine;
using Gaw.PostOffice;

namespace Gaw.Nats.Client;

/// <summary>What calls end with whose reply does not come. Each says whether the call has run.</summary>
/// <param name="link">The engine.</param>
/// <param name="endPoint">Its address.</param>
internal sealed class RouteFailures(NatsLink link, EndPoint endPoint)
{
    /// <summary>The engine says that nobody listens to the call.</summary>
    public GawConnectionException NobodyListens(OpenCall open)
    {
        if (!open.Call.SendsParts)
        {
            return new GawConnectionException($"Nobody serves {open.Target.Service} at {endPoint}, so {open.Call.Destination} has not run. Start a worker of it, or check the prefix of the address.", endPoint, CallExecution.NotRun);
        }

        // Others may serve it. Who they are is asked before the next attempt, which follows at once.
        open.Target.Server = null;
        bool goesAsList = open.Call.MeetNobody();
        return new GawConnectionException($"No worker of {open.Target.Service} at {endPoint} listens on {open.Target.WithStreams}, so {open.Call.Path} has not run. May the workers subscribe to it?", endPoint, CallExecution.NotRun)
        {
            WasStale = !goesAsList,
            WasMisdirected = goesAsList,
        };
    }

    /// <summary>Nobody says that he has the call, though he was asked.</summary>
    public GawConnectionException Unheard(OpenCall open) => Lost(
        open,
        !link.IsOpen ? "The engine is away."
        : open.Worker is { } worker ? $"The worker {worker.Name}, which had it, is gone: it was asked several times."
        : "No worker says that it has the call, though all were asked several times."
            + (open.Call.SendsParts && !open.Call.HasParts ? $" May the client publish to {open.Target.WithStreams}?" : ""));

    /// <summary>Nobody has the call any more.</summary>
    public GawConnectionException Lost(OpenCall open, string why) => new(
        $"{open.Call.Path} was sent to {open.Target.Service} at {endPoint} and is lost, {(open.Call.HasParts ? "in the middle of it" : "so it may have run")}. {why}",
        endPoint,
        open.Call.HasParts ? CallExecution.Ran : CallExecution.Unknown);

    public GawConnectionException NotSent(PendingCall call, Exception e) =>
        new($"{call.Path} could not be sent to {endPoint}, so it has not run: {e.Message}", endPoint, CallExecution.NotRun, e);

    public GawSerializationException TooLarge(PendingCall call, int documentBytes, int payloadBytes) => new(
        $"{call.Path}: the request has {documentBytes} bytes, {payloadBytes} as a message, above the limit of {link.MaxPayloadBytes} bytes of the engine at {endPoint} (max_payload). It was not sent. Raise max_payload there, or call the server directly.");
}
