using System.Net;
using System.Net.Sockets;

namespace Gaw.PostOffice.Sockets;

/// <summary>In which order the addresses of a host are tried. Pure.</summary>
internal static class AddressOrder
{
    /// <summary>The last good one, then families in turn, as the resolver has ordered them; a local server listens on IPv4 first.</summary>
    public static IPAddress[] Of(IReadOnlyList<IPAddress> addresses, IPAddress? lastGood, string host)
    {
        bool isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        AddressFamily first = isLocal || addresses.Count == 0 ? AddressFamily.InterNetwork : addresses[0].AddressFamily;
        return [.. addresses
            .Distinct()
            .GroupBy(static address => address.AddressFamily)
            .SelectMany(static family => family.Select(static (address, place) => (Address: address, Place: place)))
            .OrderByDescending(entry => entry.Address.Equals(lastGood))
            .ThenBy(static entry => entry.Place)
            .ThenByDescending(entry => entry.Address.AddressFamily == first)
            .Select(static entry => entry.Address)];
    }
}
