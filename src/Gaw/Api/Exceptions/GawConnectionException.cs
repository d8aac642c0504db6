using System.Net;

namespace Gaw;

/// <summary>The server was never reached, or the connection was lost before the reply came.</summary>
public sealed class GawConnectionException : GawException
{
    internal GawConnectionException(string message, EndPoint? endPoint, CallExecution execution, Exception? innerException = null)
        : base(message, innerException)
    {
        EndPoint = endPoint;
        Execution = execution;
    }

    /// <summary>The server's address as it was given to the client.</summary>
    public EndPoint? EndPoint { get; }

    /// <summary>What is known of the call: whether it is safe to make it again.</summary>
    public CallExecution Execution { get; }

    /// <summary>A connection that had served before was found to be of no use, before the call had left: another is tried at once.</summary>
    internal bool WasStale { get; init; }

    /// <summary>The request named another server, or none. This one has said its identity, by which it is named at once.</summary>
    internal bool WasMisdirected { get; init; }

    /// <summary>One of several servers behind the address had no place for the call. Another may have: it is sent again at once.</summary>
    internal bool WasFull { get; init; }

    /// <summary>A server had no place for the call for as long as it lets calls wait, and has given it back: it is sent again at once.</summary>
    internal bool HasWaited { get; init; }
}
