namespace Gaw;

/// <summary>The call reached the server and failed there. The connection is unharmed.</summary>
public sealed class GawRemoteException : GawException
{
    internal GawRemoteException(string path, string remoteName, string? remoteMessage, string? remoteTrace)
        : base($"{path} failed on the server with {remoteName}{(string.IsNullOrEmpty(remoteMessage) ? "." : ": " + remoteMessage)}")
    {
        Path = path;
        RemoteName = remoteName;
        RemoteMessage = remoteMessage ?? "";
        RemoteTrace = remoteTrace;
    }

    /// <summary>The path that was called, <c>service/method</c>.</summary>
    public string Path { get; }

    /// <summary>The short type name of the exception on the server: <c>KeyError</c>, <c>DivideByZeroException</c>.</summary>
    public string RemoteName { get; }

    /// <summary>The message of the exception on the server; may be empty.</summary>
    public string RemoteMessage { get; }

    /// <summary>The stack trace on the server; <see langword="null"/> where the server keeps it to itself.</summary>
    public string? RemoteTrace { get; }

    /// <summary>The exception here, and below it the trace on the server where that was sent.</summary>
    public override string ToString() => RemoteTrace is null ? base.ToString() : $"{base.ToString()}{Environment.NewLine}--- on the server ---{Environment.NewLine}{RemoteTrace}";
}
