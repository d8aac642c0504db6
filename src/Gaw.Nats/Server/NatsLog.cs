using Microsoft.Extensions.Logging;

namespace Gaw.Nats.Server;

/// <summary>Everything that a worker on an engine says. Event ids 300 to 399; an id is never reused.</summary>
internal static partial class NatsLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "Takes calls from the engine at {Address} as worker {Worker}, of {Count} services.")]
    public static partial void Listening(this ILogger logger, string address, string worker, int count);

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "The engine cannot be reached yet; it is tried again until it can. {Reason}")]
    public static partial void Waiting(this ILogger logger, string reason);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "The connection to the engine at {Address} is lost. Calls that run go on; it is looked for.")]
    public static partial void EngineLost(this ILogger logger, string address);

    [LoggerMessage(EventId = 303, Level = LogLevel.Information, Message = "The engine at {Address} is there again.")]
    public static partial void EngineFound(this ILogger logger, string address);

    [LoggerMessage(EventId = 304, Level = LogLevel.Information, Message = "Takes no more calls from the engine at {Address}; {Count} are finishing.")]
    public static partial void DrainingCalls(this ILogger logger, string address, int count);

    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message = "Cut {Count} calls off that did not finish within DrainTimeout ({Timeout}).")]
    public static partial void CutOffCalls(this ILogger logger, int count, string timeout);

    [LoggerMessage(EventId = 306, Level = LogLevel.Warning, Message = "A message on {Subject} was not sealed with a secret that is taken here. Do both sides use the same Secret and Encrypt?")]
    public static partial void BadSeal(this ILogger logger, string subject);

    [LoggerMessage(EventId = 307, Level = LogLevel.Debug, Message = "A message on {Subject} has no subject for its reply, so it was dropped.")]
    public static partial void NoReplySubject(this ILogger logger, string subject);

    [LoggerMessage(EventId = 308, Level = LogLevel.Warning, Message = "A message to {Subject} could not be handed to the engine.")]
    public static partial void NotSent(this ILogger logger, string subject, Exception exception);

    [LoggerMessage(EventId = 309, Level = LogLevel.Error, Message = "The handler of a request from the engine threw, which it must not.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning, Message = "A step of the stop did not end in time, or failed: {Step}. The stop goes on without it.")]
    public static partial void StepFailed(this ILogger logger, string step, Exception exception);

    [LoggerMessage(EventId = 311, Level = LogLevel.Warning, Message = "Services that were added cannot be listened to at {Address} yet. It is tried again when the engine is back, or when another service is added.")]
    public static partial void CannotServeFurther(this ILogger logger, string address, Exception exception);
}
