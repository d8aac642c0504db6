using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Shared;

namespace Gaw.Carriers;

/// <summary>Makes the two ends of a carrier in another package: what an address with its scheme becomes in a client, and in a server.</summary>
internal abstract class CarrierProvider
{
    /// <summary>Makes the client's end. It must not connect yet, and must not block.</summary>
    /// <param name="addresses">All addresses of the client, one or more, each with this provider's scheme: of one engine with several machines, for example.</param>
    /// <param name="options">The client's options; what has no meaning here is refused by name.</param>
    /// <param name="ids">The ids of the client's calls.</param>
    /// <exception cref="ArgumentException">An address or an option is wrong; says what and what to do, and no password.</exception>
    public abstract RequestCarrier CreateCarrier(IReadOnlyList<ServerAddress> addresses, GawClientOptions options, CallIds ids);

    /// <summary>Makes the server's end. It must not listen yet, and must not block. The server is not whole yet: keep it, use it from <see cref="ServerListener.StartAsync"/> on.</summary>
    /// <param name="addresses">All addresses of the server with this provider's scheme, one or more.</param>
    /// <param name="server">Gives the options, the services (<see cref="GawServer.Entrypoints"/>,
    /// <see cref="GawServer.DescribesItselfToEngines"/>) and the handler of requests (<see cref="GawServer.PostOffice"/>).</param>
    /// <exception cref="ArgumentException">An address or an option is wrong; says what and what to do, and no password.</exception>
    public abstract ServerListener CreateListener(IReadOnlyList<ServerAddress> addresses, GawServer server);
}
