using Gaw.JsonWeb.Client.Names;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice.Addresses;
using Gaw.PostOffice.Client;
using Gaw.Shared;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb.Client;

/// <summary>Makes the carriers of a client that calls over TCP.</summary>
internal sealed class TcpCarrierFactory(JsonWebClientOptions options, CallIds ids, ILogger logger)
{
    public JsonWebClientOptions Options => options;

    public CallIds Ids => ids;

    public ILogger Logger => logger;

    /// <summary>The servers of a client: those of a list stay, those of names come and go.</summary>
    public ServerPicker CreatePicker(IReadOnlyList<ServerAddress> addresses) => addresses.Any(static address => address.Scheme == ServerAddress.Dns)
        ? new ServerPicker(new ServerMembership(addresses, this), options.TimeProvider)
        : new ServerPicker([.. addresses.Select(address => Create(new NamedServer(address.Host, address.Port, null), addresses.Count, addresses.Count > 1))], options.TimeProvider);

    /// <summary>Makes the carrier to one server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="count">How many the client has: each gets its share of <c>ConnectTimeout</c>.</param>
    /// <param name="hasOthers">With others at hand, a server has to show that it answers before a call is entrusted to it.</param>
    public TcpCarrier Create(NamedServer server, int count, bool hasOthers)
    {
        TcpCarrier carrier = null!;
        return carrier = new TcpCarrier(server.Host, server.Port, options, ResponseReader.GetId, ids, logger, server.Name)
        {
            ConnectTime = options.ConnectTimeout == Timeout.InfiniteTimeSpan ? options.ConnectTimeout : options.ConnectTimeout / count,
            Probe = options.RetryWhen == RetryWhen.KeptReplies || hasOthers
                ? (route, rest) => CapabilityProbe.Make(route, carrier.EndPoint, rest, asksForReplies: options.RetryWhen == RetryWhen.KeptReplies, ids, options.TimeProvider)
                : null,
        };
    }
}
