using Gaw.Shared;

namespace Gaw.JsonWeb.Streams;

/// <summary>The errors that a server replies with to a call whose result is a stream.</summary>
internal static class StreamErrors
{
    /// <summary>The name of the error of a stream that a stop has ended.</summary>
    public const string StoppingName = "ServerStopping";

    public static readonly ErrorInfo TooMany = new("TooManyStreams", "The server has as many streams open as it may have (MaxStreams). This call has not run; end others, or try again later.");

    public static readonly ErrorInfo NoNumber = new("TypeError", "An argument is a stream, and the request has no meta, or an id that is no number: its items could not be told apart. This call has not run; send the items as a list.");

    public static GawError Stopping(string path) => new(StoppingName, $"The server stops, and has ended {path}.");

    public static GawError StoppingArguments(string path) => new(StoppingName, $"The server stops, and has ended {path}, which waited for items that did not come.");

    public static GawError Overdue(string path, TimeSpan limit) => new("TimeoutError", $"{path} is a stream and did not end within {limit.TotalSeconds} s, as it has to where its caller takes it as one list");

    public static GawSerializationException ItemTooLarge(string path, int limit, Exception inner) =>
        new($"An item of {path} does not fit into one message ({limit} bytes; MaxFrameBytes limits it, and over an engine max_payload as well): {inner.Message}", inner);

    public static GawSerializationException TooLong(string path, int limit, Exception inner) =>
        new($"{path} is a stream and longer than one answer may be ({limit} bytes); a .NET caller that takes it as IAsyncEnumerable gets all of it.", inner);
}
