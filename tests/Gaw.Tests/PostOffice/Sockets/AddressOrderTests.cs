using System.Net;
using Gaw.PostOffice.Sockets;

namespace Gaw.Tests.PostOffice.Sockets;

/// <summary>Which address of a host is tried first.</summary>
public sealed class AddressOrderTests
{
    [Theory]
    [InlineData("host", "10.0.0.4 10.0.0.5", null, "10.0.0.4 10.0.0.5")]
    [InlineData("host", "10.0.0.4 10.0.0.5", "10.0.0.5", "10.0.0.5 10.0.0.4")]
    [InlineData("host", "fd00::6 fd00::7 10.0.0.4", null, "fd00::6 10.0.0.4 fd00::7")]
    [InlineData("host", "fd00::6 fd00::7 10.0.0.4", "fd00::7", "fd00::7 fd00::6 10.0.0.4")]
    [InlineData("host", "10.0.0.4 10.0.0.4", null, "10.0.0.4")]
    [InlineData("host", "10.0.0.4", "10.0.0.5", "10.0.0.4")]
    [InlineData("localhost", "::1 127.0.0.1", null, "127.0.0.1 ::1")]
    [InlineData("LOCALHOST", "::1 127.0.0.1", "::1", "::1 127.0.0.1")]
    [InlineData("host", "", null, "")]
    public void The_last_good_address_is_tried_first_and_families_take_turns(string host, string found, string? lastGood, string order) =>
        AddressOrder.Of(Parse(found), lastGood is null ? null : IPAddress.Parse(lastGood), host).Should().Equal(Parse(order));

    private static IPAddress[] Parse(string addresses) => [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
}
