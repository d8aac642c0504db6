namespace Gaw.Telemetry;

/// <summary>
/// Names of OpenTelemetry's semantic conventions for RPC, release candidate of version 1.44 (docs/rpc/rpc-spans.md and rpc-metrics.md), and Gaw's own beside them. Nothing else in the library
/// spells one of them.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The value of <see cref="RpcSystem"/>.</summary>
    public const string System = "gaw";

    /// <summary>The value of <see cref="RpcMethod"/> where a server knows no such path: whoever calls must not be able to make names without end.</summary>
    public const string OtherMethod = "_OTHER";

    public const string RpcSystem = "rpc.system.name";
    public const string RpcMethod = "rpc.method";
    public const string RpcMethodOriginal = "rpc.method_original";
    public const string RpcStatusCode = "rpc.status_code";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string PeerAddress = "network.peer.address";
    public const string PeerPort = "network.peer.port";

    public const string StreamItems = "gaw.stream.items";

    public const string AttemptEvent = "gaw.attempt";
    public const string AttemptNumber = "gaw.attempt.number";
    public const string AttemptExecution = "gaw.attempt.execution";

    public const string ServerDuration = "rpc.server.call.duration";
    public const string ClientDuration = "rpc.client.call.duration";
    public const string ActiveCalls = "gaw.server.active_calls";
    public const string ServerConnections = "gaw.server.connections";
    public const string ClientConnections = "gaw.client.connections";
    public const string ClientRetries = "gaw.client.retries";
    public const string ServerStreams = "gaw.server.streams";
    public const string ServerParts = "gaw.server.stream.parts";
    public const string ServerItems = "gaw.server.stream.items";
    public const string ServerReceivedItems = "gaw.server.stream.received_items";
    public const string ServerStreamDuration = "gaw.server.stream.duration";
    public const string ClientStreamDuration = "gaw.client.stream.duration";
    public const string Refusals = "gaw.server.refusals";
    public const string RefusalKind = "kind";
}
