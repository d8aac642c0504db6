using System.Net;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Sockets;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>Makes the connections of a pool, ready for callers.</summary>
/// <param name="endPoint">The server, for messages.</param>
/// <param name="opener">Opens sockets to it.</param>
/// <param name="protector">Seals requests and opens replies.</param>
/// <param name="replyId">Reads the id of a reply; <see langword="null"/>: replies have none.</param>
/// <param name="options">Limits and times.</param>
/// <param name="ids">Gives the ids of calls.</param>
/// <param name="logger">Where it says what it does.</param>
internal sealed class ConnectionFactory(EndPoint endPoint, TransportOpener opener, IFrameProtector protector, ReplyIdReader? replyId, PostOfficeClientOptions options, CallIds ids, ILogger logger)
{
    /// <summary>How long one connection may take to be opened.</summary>
    public TimeSpan ConnectTime { get; set; } = options.ConnectTimeout;

    /// <summary>What the layer above does first on each connection, within the time that is left for connecting; may block.</summary>
    public Action<CallRoute, TimeSpan>? Probe { get; set; }

    /// <summary>Opens a connection; blocks.</summary>
    public ClientConnection Open(ConnectionPool pool, CancellationToken disposed)
    {
        Deadline deadline = new(ConnectTime);
        ConnectionContext context = new(endPoint, protector, replyId, options, logger, pool.Record);
        ClientConnection connection = new(opener.Open(deadline, pool.Record.IsKnown, disposed), context, pool.ReleaseWaiters, pool.Remove);
        ids.Renew();
        try
        {
            using CancellationTokenRegistration registration = disposed.UnsafeRegister(static connection => ((ClientConnection)connection!).Dispose(), connection);
            Probe?.Invoke(connection, deadline.Rest);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
