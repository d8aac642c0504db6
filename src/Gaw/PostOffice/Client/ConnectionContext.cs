using System.Net;
using Gaw.PostOffice.Client.Pooling;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Client;

/// <summary>What the parts of a client's connection share. <see cref="Calls"/> is used under <see cref="Gate"/>, but for its counts.</summary>
/// <param name="endPoint">The server, for messages.</param>
/// <param name="protector">Opens and seals frames.</param>
/// <param name="replyId">Finds the id in a reply; <see langword="null"/>: replies come in order and carry none.</param>
/// <param name="options">The client's.</param>
/// <param name="logger">The client's.</param>
/// <param name="record">What is known of the server at the address.</param>
internal sealed class ConnectionContext(EndPoint endPoint, IFrameProtector protector, ReplyIdReader? replyId, PostOfficeClientOptions options, ILogger logger, ServerRecord record)
{
    public EndPoint EndPoint { get; } = endPoint;

    public IFrameProtector Protector { get; } = protector;

    public ReplyIdReader? ReplyId { get; } = replyId;

    public PostOfficeClientOptions Options { get; } = options;

    public ILogger Logger { get; } = logger;

    public ServerRecord Record { get; } = record;

    public Lock Gate { get; } = new();

    public PendingCalls Calls { get; } = new();

    public ConnectionState State { get; } = new(replyId is null ? ServerMode.Multiplexed : ServerMode.Unknown);

    /// <summary>A connection has come, or has gone.</summary>
    public void CountConnections(int change)
    {
        if (Options.IsMeasured)
        {
            Instruments.ClientConnectionsChanged(change);
        }
    }
}
