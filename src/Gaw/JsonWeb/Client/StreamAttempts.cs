using Gaw.Json;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client;

/// <summary>What is different about an attempt of a call with streams: among its arguments, or as its result.</summary>
internal sealed class StreamAttempts(JsonWebClientOptions options, CallIds ids)
{
    /// <summary>What is wanted of a stream.</summary>
    public StreamTerms GetTerms(RequestCarrier server, CallOptions? wanted) => new(
        server.EndPoint,
        options.TimeProvider,
        wanted?.ReadAhead is { } items ? StreamTotals.DefaultWindow with { Items = items } : StreamTotals.DefaultWindow,
        options.MaxFrameBytes,
        options.CallTimeout,
        wanted?.Timeout ?? Timeout.InfiniteTimeSpan);

    /// <summary>How long no sign of life may be missing from a call whose arguments are sent item by item.</summary>
    public TimeSpan? GetAlive(RequestCarrier server, CallOptions? wanted) => GetTerms(server, wanted).Wish.Alive;

    /// <summary>The request of a call is written, whose arguments may be streams that an earlier writing has met.</summary>
    /// <returns>They are sent item by item, and the call is not kept: what comes in parts is not there for a second run.</returns>
    public static bool Begin(OutgoingCall call, ArgumentStreams? earlier)
    {
        if (earlier is not null)
        {
            call.Streams = earlier;
        }

        if (call.Streams is not { } streams)
        {
            return false;
        }

        streams.BeginWriting();
        call.Keep = streams.AreLists ? call.Keep : null;
        return !streams.AreLists;
    }

    /// <summary>Sends a call whose arguments are streams, once it is known how.</summary>
    /// <returns><see langword="null"/>: nothing was sent. Not at the first time: then nobody knew that there are streams, and the request says nothing of them.</returns>
    public CallRoute? TrySend(RequestCarrier server, OutgoingCall call, ArgumentStreams streams, JsonWriter writer, CallOptions? wanted)
    {
        if (streams.AreLists)
        {
            return server.TrySend(call, writer);
        }

        if (!streams.WereWritten)
        {
            streams.EndWriting();
            return null;
        }

        call.Watch ??= new StreamWatch(call, GetTerms(server, wanted), () => streams.Renew(call));
        return streams.TrySend(server, call, ids, writer);
    }

    /// <summary>How long the server is told that the caller waits. A stream has an end only where its caller has given one: for the rest there are signs of life.</summary>
    public TimeSpan GetTimeout(OutgoingCall call, CallOptions? wanted, StreamWish? wish, bool sendsItems) =>
        (wish is not null || sendsItems) && wanted?.Timeout is null ? Timeout.InfiniteTimeSpan : call.GetRest(options.TimeProvider, call.SentAt);
}
