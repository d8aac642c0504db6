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
}
