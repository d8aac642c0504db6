using System.Net;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice;

/// <summary>Everything the post office says. Event ids 100 to 199; an id is never reused.</summary>
internal static partial class PostOfficeLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Listening on {EndPoint}.")]
    public static partial void Listening(this ILogger logger, EndPoint endPoint);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Closed the connection from {Peer}: what it sent is not a frame ({Reason}).")]
    public static partial void NotAFrame(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 102, Level = LogLevel.Debug, Message = "{Peer} connected.")]
    public static partial void Connected(this ILogger logger, EndPoint? peer);

    [LoggerMessage(EventId = 103, Level = LogLevel.Debug, Message = "The connection from {Peer} ended ({Reason}).")]
    public static partial void Ended(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "Cannot accept connections now; trying again in {Pause}.")]
    public static partial void CannotAccept(this ILogger logger, string pause, Exception exception);

    [LoggerMessage(EventId = 105, Level = LogLevel.Information, Message = "Stopped listening on {EndPoint}; {Count} connections are finishing.")]
    public static partial void Draining(this ILogger logger, EndPoint? endPoint, int count);

    [LoggerMessage(EventId = 106, Level = LogLevel.Warning, Message = "Cut {Count} connections off that did not finish within DrainTimeout ({Timeout}).")]
    public static partial void CutOff(this ILogger logger, int count, string timeout);

    [LoggerMessage(EventId = 107, Level = LogLevel.Warning, Message = "Cut the connection from {Peer} off: it holds the largest of the incomplete frames, which together are above the server's budget.")]
    public static partial void OverBudget(this ILogger logger, EndPoint? peer);

    [LoggerMessage(EventId = 108, Level = LogLevel.Error, Message = "The loop of the connection from {Peer} failed; the connection is closed.")]
    public static partial void LoopFailed(this ILogger logger, EndPoint? peer, Exception exception);

    [LoggerMessage(EventId = 109, Level = LogLevel.Warning, Message = "{Peer} sent a frame that could not be read ({Reason}).")]
    public static partial void NotReadable(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 110, Level = LogLevel.Debug, Message = "Connected to {EndPoint}.")]
    public static partial void ConnectedTo(this ILogger logger, EndPoint? endPoint);

    [LoggerMessage(EventId = 111, Level = LogLevel.Debug, Message = "The connection to {EndPoint} ended.")]
    public static partial void ClientEnded(this ILogger logger, EndPoint? endPoint, Exception? exception);

    [LoggerMessage(EventId = 130, Level = LogLevel.Error, Message = "What waits for a call to {EndPoint} threw when it was told of its end. No other call is disturbed.")]
    public static partial void ContinuationFailed(this ILogger logger, EndPoint? endPoint, Exception exception);

    [LoggerMessage(EventId = 113, Level = LogLevel.Warning, Message = "Refused the connection from {Peer}: there are {Count} already (MaxConnections).")]
    public static partial void TooManyConnections(this ILogger logger, EndPoint? peer, int count);

    [LoggerMessage(EventId = 114, Level = LogLevel.Warning, Message = "Listening on {Address} without a secret or TLS: everybody who can reach this port can call every method. Give the server a Secret or Tls, or listen on 127.0.0.1.")]
    public static partial void ListeningOpenly(this ILogger logger, IPAddress address);

    [LoggerMessage(EventId = 115, Level = LogLevel.Warning, Message = "Cut the connection from {Peer} off: {Reason}.")]
    public static partial void TooSlow(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 119, Level = LogLevel.Information, Message = "Closed the connection from {Peer}: {Reason}.")]
    public static partial void Idle(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 116, Level = LogLevel.Warning, Message = "The TLS handshake with {Peer} failed.")]
    public static partial void NoTls(this ILogger logger, EndPoint? peer, Exception exception);

    [LoggerMessage(EventId = 121, Level = LogLevel.Error, Message = "Looking after the connection from {Peer} failed; it is tried again.")]
    public static partial void TickFailed(this ILogger logger, EndPoint? peer, Exception exception);

    [LoggerMessage(EventId = 112, Level = LogLevel.Error, Message = "A handler of the connection from {Peer} threw, which it must not.")]
    public static partial void HandlerFailed(this ILogger logger, EndPoint? peer, Exception exception);
}
