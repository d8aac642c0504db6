using System.Net.Sockets;

namespace Gaw.Tool;

/// <summary>Ends the tool with an exit code and one line that says what to do next.</summary>
internal sealed class ToolException(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public int ExitCode { get; } = exitCode;

    public static ToolException Usage(string message) => new(ExitCodes.Usage, message);

    public static ToolException NothingToRun(string message, Exception? inner = null) => new(ExitCodes.NothingToRun, message, inner);

    /// <summary>What an exception of any kind means to the person at the terminal.</summary>
    public static ToolException Of(Exception exception, bool usesSecret) => exception switch
    {
        ToolException known => known,
        GawAuthenticationException refused => new(ExitCodes.RefusedBySecret, usesSecret
            ? "The secret does not fit: the server has none, or another one, or only one of you encrypts. Check the secret and --encrypt."
            : "The server wants a secret. Give it with --secret-file FILE or in GAW_SECRET, and --encrypt if it encrypts.", refused),
        GawRemoteException remote => new(ExitCodes.RemoteError, remote.Message, remote),
        GawProtocolException protocol => new(ExitCodes.Connection, protocol.Message, protocol),
        GawConnectionException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } refused =>
            new(ExitCodes.Connection, $"Nothing listens on {Show(refused)}. Check host and port, or start a server there: gaw run <target> --port N.", refused),
        GawConnectionException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } unknown =>
            new(ExitCodes.Connection, $"There is no host of the name in {Show(unknown)}. Check the spelling.", unknown),
        GawConnectionException connection => new(ExitCodes.Connection, connection.Message, connection),
        GawSerializationException value => new(ExitCodes.Usage, value.Message, value),
        TimeoutException timeout => new(ExitCodes.Timeout, $"{timeout.Message.TrimEnd('.')}. Wait longer with --timeout.", timeout),
        OperationCanceledException => new(ExitCodes.Interrupted, "Interrupted."),
        _ => new(ExitCodes.Usage, $"{exception.GetType().Name}: {exception.Message} (--trace shows where)", exception),
    };

    /// <summary>The failure as an object on one line, for the programs that asked for JSON.</summary>
    /// <param name="withTrace">Whether the whole exception stands in it.</param>
    public string ToJson(bool withTrace)
    {
        GawRemoteException? remote = InnerException as GawRemoteException;
        Dictionary<string, object?> error = new()
        {
            ["kind"] = ExitCodes.NameOf(ExitCode),
            ["exit_code"] = ExitCode,
            ["name"] = remote?.RemoteName,
            ["message"] = remote?.RemoteMessage ?? Message,
            ["path"] = remote?.Path,
        };
        if (remote is not null && Message != remote.Message)
        {
            error["advice"] = Message;
        }

        if (withTrace)
        {
            error["trace"] = (InnerException ?? this).ToString();
        }

        return GawSerializer.ToJson(new Dictionary<string, object?> { ["error"] = error });
    }

    private static string Show(GawConnectionException exception) => exception.EndPoint?.ToString() ?? "the server";
}
