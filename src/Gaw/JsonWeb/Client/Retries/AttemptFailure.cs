using System.Net;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams;

namespace Gaw.JsonWeb.Client.Retries;

/// <summary>What the failure of one attempt says of the call. Pure.</summary>
internal static class AttemptFailure
{
    /// <param name="error">As it came.</param>
    /// <param name="call">The attempt.</param>
    /// <param name="endPoint">Its server.</param>
    /// <param name="wasQuestion">It was the question for the reply of an earlier attempt.</param>
    /// <returns>A <see cref="GawConnectionException"/> in place of a reply that says that the call has not run, and can be sent again; otherwise the error itself.</returns>
    public static Exception Of(Exception error, OutgoingCall call, EndPoint endPoint, bool wasQuestion) => error switch
    {
        // It was not run for want of a place for its reply, and has only to be sent again.
        GawRemoteException { RemoteName: ReplyCacheKey.NotKept } notKept when !wasQuestion && call.Keep is not null =>
            new GawConnectionException($"{notKept.Message}. It has not run.", endPoint, CallExecution.NotRun, notKept),

        GawRemoteException { RemoteName: Audience.Refused } refused when call.Told > 0 && !call.Audience.Includes(call.Told) => new GawConnectionException(
            $"{call.Path} has not run: what answers at {endPoint} is not the server that the request names. Where each attempt ends so, something in between spreads one connection over several servers.",
            endPoint,
            CallExecution.NotRun,
            refused)
        { WasMisdirected = true },

        // The arguments are collected next.
        GawRemoteException refused when call.RefusesStreams =>
            new GawConnectionException($"{call.Path} has not run: a parameter takes a list where a stream was given.", endPoint, CallExecution.NotRun, refused) { WasMisdirected = true },

        // The method was running when the server stopped: a call that has not run is told so otherwise.
        GawRemoteException { RemoteName: StreamErrors.StoppingName } stopping when call.Streams is { AreLists: false } =>
            new GawConnectionException($"{call.Path} was ended, and has run: {stopping.RemoteMessage}", endPoint, CallExecution.Ran, stopping),

        _ => error,
    };
}
