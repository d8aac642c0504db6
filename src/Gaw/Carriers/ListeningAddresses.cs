using Gaw.PostOffice.Addresses;

namespace Gaw.Carriers;

/// <summary>The addresses of a server, apart by who listens there. Pure.</summary>
/// <param name="Tcp">Its TCP address; <see langword="null"/>: it has none.</param>
/// <param name="Foreign">Those of carriers in other packages.</param>
internal sealed record ListeningAddresses(ServerAddress? Tcp, IReadOnlyList<ServerAddress> Foreign)
{
    /// <exception cref="ArgumentException">The text is no address, or none that can be listened on.</exception>
    public static ListeningAddresses Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IReadOnlyList<ServerAddress> all = AddressParser.Parse([address], nameof(address), forListening: true);
        if (all.FirstOrDefault(static one => one.Scheme == ServerAddress.Dns) is { } name)
        {
            throw new ArgumentException($"\"{name}\" is an address for clients: a name of several servers. Give a server the address that it listens on itself, for example \"0.0.0.0:{name.Port}\".", nameof(address));
        }

        ServerAddress[] tcp = [.. all.Where(static one => !one.IsForeign)];
        return tcp.Length > 1
            ? throw new ArgumentException($"\"{tcp[0]}\" and \"{tcp[1]}\" are two TCP addresses, and a server listens on one. Give it 0.0.0.0 or [::] for all addresses of this machine, or make a server for each.", nameof(address))
            : new ListeningAddresses(tcp.FirstOrDefault(), [.. all.Where(static one => one.IsForeign)]);
    }
}
