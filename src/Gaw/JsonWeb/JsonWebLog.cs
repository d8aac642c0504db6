using System.Net;
using Gaw.Logging;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb;

/// <summary>Everything the request layer says. Event ids 200 to 299; an id is never reused.</summary>
internal static partial class JsonWebLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Debug, Message = "{Path} failed; the caller gets the error.")]
    public static partial void CallFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 206, Level = LogLevel.Warning, Message = "{Path} threw an exception; the caller gets the error.")]
    public static partial void CallThrew(this ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "The result of {Path} cannot be sent; the caller gets an error.")]
    public static partial void CannotSendResult(this ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 207, Level = LogLevel.Warning, Message = "The instance that served {Path} threw an exception when it was disposed; the caller has its answer.")]
    public static partial void DisposeThrew(this ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 202, Level = LogLevel.Debug, Message = "{Peer} called {Path}, which does not exist.")]
    public static partial void UnknownPath(this ILogger logger, EndPoint? peer, string path);

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "{Peer} sent a document that is not a request: {Reason}.")]
    public static partial void NotARequest(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 205, Level = LogLevel.Warning, Message = "Refused a request of {Peer}: {Reason}.")]
    public static partial void Replayed(this ILogger logger, EndPoint? peer, string reason);

    [LoggerMessage(EventId = 208, Level = LogLevel.Information, Message = "Refused a request of {Peer} that is meant for another server. Its client was connected to that one, or to this one before a restart; or someone sends a recorded request again.")]
    public static partial void ForAnotherServer(this ILogger logger, EndPoint? peer);

    [LoggerMessage(EventId = 209, Level = LogLevel.Warning, Message = "The server on {Address} has no service, so that it answers no call. Add one with Add.")]
    public static partial void ServesNothing(this ILogger logger, string address);

    [LoggerMessage(EventId = 210, Level = LogLevel.Information, Message = "{Name} has {Count} servers now: {Servers}.")]
    public static partial void ServersChanged(this ILogger logger, string name, int count, string servers);

    [LoggerMessage(EventId = 211, Level = LogLevel.Warning, Message = "{Name} cannot be looked up: {Reason}. Calls go to the servers that it had before, if there are any; it is asked for again.")]
    public static partial void CannotLookUp(this ILogger logger, string name, string reason);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning, Message = "What {Path} reports of its progress cannot be sent. The call goes on, and reports nothing more.")]
    public static partial void CannotReport(this ILogger logger, string path, Exception exception);

    public static void TryingAgain(this ILogger logger, string path, TimeSpan pause, Exception exception)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.TryingAgain(path, DurationText.Of(pause), exception);
        }
    }

    [LoggerMessage(EventId = 204, Level = LogLevel.Debug, Message = "{Path} was not sent; trying again in {Pause}.")]
    private static partial void TryingAgain(this ILogger logger, string path, string pause, Exception exception);
}
