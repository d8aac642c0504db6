using System.Net;
using Gaw.Logging;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.PostOffice.Client;

/// <summary>What a call fails with that got no reply. Pure.</summary>
internal static class CallLoss
{
    public const string RepliedTwice = "The server has answered a call twice; the connection cannot be trusted any more.";

    /// <summary>What is known of a call when its connection has ended.</summary>
    /// <param name="request">Where the request lies in the outgoing stream.</param>
    /// <param name="attemptedBytes">So much of the stream may have left: a request that did not leave whole has not run.</param>
    /// <param name="unreadFrom">From here on the server has read nothing.</param>
    /// <param name="hasBegun">The beginning of its reply has come.</param>
    /// <param name="cause">Why the connection has ended; the server may have said that nothing on it has run.</param>
    public static CallExecution Judge(FramePosition request, long attemptedBytes, long unreadFrom, bool hasBegun, Exception cause) =>
        request.End == 0 || request.End > attemptedBytes || request.Start >= unreadFrom || cause is GawConnectionException { Execution: CallExecution.NotRun } ? CallExecution.NotRun
        : hasBegun ? CallExecution.Ran
        : CallExecution.Unknown;

    /// <summary>The connection has ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="endPoint">The server.</param>
    /// <param name="execution">What is known of the call.</param>
    /// <param name="cause">Why the connection has ended.</param>
    /// <param name="isOnly">No other call was open.</param>
    /// <param name="hasReplied">The server had answered something on the connection.</param>
    /// <remarks>
    /// Bytes that are not Gaw: where one call alone can be meant, or nothing else was ever said here, the call fails with them. Beside others, nobody knows whose they were;
    /// each of the calls has lost its connection.
    /// </remarks>
    public static GawException Explain(PendingCall call, EndPoint endPoint, CallExecution execution, Exception cause, bool isOnly, bool hasReplied) => cause switch
    {
        GawProtocolException e when !hasReplied || (isOnly && execution != CallExecution.NotRun) => e,
        GawConnectionException e when e.Execution == execution => new GawConnectionException(e.Message, endPoint, execution, e.InnerException),
        _ => Lost(call, endPoint, execution, cause, hasReplied),
    };

    /// <inheritdoc cref="Explain"/>
    public static GawConnectionException Lost(PendingCall call, EndPoint endPoint, CallExecution execution, Exception cause, bool hasReplied)
    {
        string known = execution switch
        {
            CallExecution.NotRun => "it was not sent whole, or not read there, so it has not run",
            CallExecution.Ran => "its answer had begun, so it has run",
            _ => "it was sent, so it may have run",
        };
        return new GawConnectionException($"The connection to {endPoint} was lost during {call.Path}: {known}. {cause.Message}", endPoint, execution, cause)
        {
            // One that has served before has grown stale, which says nothing of the server.
            WasStale = execution == CallExecution.NotRun && hasReplied && cause is not ObjectDisposedException,
        };
    }

    /// <summary>The server is draining, or takes the client for gone, and has replied that the call has not run.</summary>
    public static GawConnectionException Rejected(PendingCall call, EndPoint endPoint) =>
        new($"The server at {endPoint} takes no further calls on this connection: it stops, or has met the end of what the client sends. {call.Path} has not run.", endPoint, CallExecution.NotRun);

    /// <summary>The server has no place for the call, and has replied that it has not run.</summary>
    public static GawConnectionException Busy(PendingCall call, EndPoint endPoint) =>
        new($"The server at {endPoint} runs as many calls as it may; {call.Path} has not run.", endPoint, CallExecution.NotRun);

    /// <summary>The server could not read the request, or not the frame around it.</summary>
    public static GawException Failed(PendingCall call, EndPoint endPoint, ErrorInfo failure) => failure.Name == ErrorFrame.BadSignature.Name
        ? new GawAuthenticationException($"{endPoint} refused {call.Path}: {failure.Message}.")
        : new GawRemoteException(call.Path, failure.Name, failure.Message, failure.Trace);

    /// <summary>The time of the call is over.</summary>
    public static TimeoutException TimedOut(PendingCall call, EndPoint endPoint) =>
        new($"{call.Path} on {endPoint} gave no answer within {DurationText.Of(call.Timeout)} (CallTimeout, or the call's own Timeout). It may still be running there.");

    /// <summary>A failure without an id has come that may belong to any of several calls, so that the connection ends.</summary>
    public static GawProtocolException OfNobody(ErrorInfo failure, EndPoint endPoint) => failure.Name == ErrorFrame.BadSignature.Name
        ? new GawAuthenticationException($"{endPoint} refused what came on the connection: {failure.Message}.")
        : new GawProtocolException($"{endPoint} reports a failure that cannot be told to belong to one call ({failure.Name}: {failure.Message}); the connection cannot be trusted any more.");
}
