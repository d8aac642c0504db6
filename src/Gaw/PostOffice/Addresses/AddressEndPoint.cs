using System.Net;

namespace Gaw.PostOffice.Addresses;

/// <summary>An address that is no IP address, as an end point that prints as it was written: .NET's own would say <c>Unspecified/name:5555</c>.</summary>
/// <param name="address">The address; only its public part is ever printed.</param>
internal sealed class AddressEndPoint(ServerAddress address) : DnsEndPoint(address.Host, address.Port)
{
    /// <summary>The end point of a TCP address: of an IP address the plain one.</summary>
    public static EndPoint Of(ServerAddress address) => IPAddress.TryParse(address.Host, out IPAddress? ip) && !address.IsForeign ? new IPEndPoint(ip, address.Port) : new AddressEndPoint(address);

    public override string ToString() => address.ToString();
}
