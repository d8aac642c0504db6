using Gaw.Json;
using Gaw.Shared;

namespace Gaw.PostOffice.Replies;

/// <summary>
/// The reply to what could not be read as a message: <c>{"succ": false, "data": {"name", "message", "trace"}, "name", "message", "trace"}</c>.
/// The three stand twice, since the original's server puts them inside <c>data</c> and the original's client looks for them beside it.
/// It has no id: which request it answers, its receiver has to conclude (<c>RequestOwner</c>). Texts are fixed, nothing that was received is repeated.
/// </summary>
internal static class ErrorFrame
{
    public const string TooLargeName = "FrameTooLarge";
    public static readonly ErrorInfo NotReadable = new("ValueError", "Data received was not in JSON or not decryptable format.");
    public static readonly ErrorInfo BadSignature = new("DecodeError", "signature verification failed");
    public static readonly ErrorInfo BadLengthLine = new("ValueError", "The length line of a frame holds 1 to 20 decimal digits and a line feed.");

    public static readonly ErrorInfo TooManyConnections = new("ServerBusy", "The server has as many connections as it may have. Try again later.");

    public static readonly ErrorInfo CancelledBefore = new("OperationCanceledException", "The call was cancelled before it began. It has not run.");
    public static readonly ErrorInfo OverdueBefore = new("TimeoutException", "The call waited longer for its turn than its caller waits for it (MaxConcurrentCalls, or a busy machine). It has not run.");
    public static readonly ErrorInfo LostBefore = new("OperationCanceledException", "The connection ended before the call began. It has not run.");
    public static readonly ErrorInfo StoppedBefore = new("ServerStopping", "The server stops and has cut off what did not end in time. This call had not begun and has not run.");

    public static readonly ErrorInfo Busy = new("ServerBusy", "The server runs as many calls as it may. This one has not run; try again later, or elsewhere.");

    /// <summary>The server reads nothing behind the frame that it refuses so.</summary>
    public static bool EndsReading(ErrorInfo error) => error.Name is TooLargeName || error.Name == BadSignature.Name;

    public static ErrorInfo TooLarge(int maxFrameBytes) => new(TooLargeName, $"The frame is above this server's limit of {maxFrameBytes} bytes.");

    public static void Write(JsonWriter writer, ErrorInfo error)
    {
        writer.BeginObject();
        writer.Name("succ"u8);
        writer.Boolean(false);
        writer.Name("data"u8);
        writer.BeginObject();
        error.WriteMembers(writer);
        writer.EndObject();
        error.WriteMembers(writer);
        writer.EndObject();
    }
}
