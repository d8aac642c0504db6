using Microsoft.Extensions.Logging;

namespace Gaw.Scheduling;

/// <summary>What is said of code that runs on our threads. Its event ids are of the range of <c>PostOfficeLog</c>, which it comes from; an id is never reused.</summary>
internal static partial class SchedulingLog
{
    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "A callback on the cancellation token of a call threw an exception.")]
    public static partial void CallbackThrew(this ILogger logger, Exception exception);
}
