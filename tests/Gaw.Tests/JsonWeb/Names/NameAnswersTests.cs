using System.Net;
using Gaw.JsonWeb.Client.Names;
using Gaw.PostOffice.Addresses;

namespace Gaw.Tests.JsonWeb.Names;

/// <summary>Which servers a client has after a look-up: the table.</summary>
public sealed class NameAnswersTests
{
    [Theory]
    [InlineData("dns:///a:1", "", "a=10.0.0.1 10.0.0.2", "10.0.0.1:1(a) 10.0.0.2:1(a)", "the first look-up")]
    [InlineData("dns:///a:1", "10.0.0.1:1(a)", "a=10.0.0.2", "10.0.0.2:1(a)", "one gone, one new")]
    [InlineData("dns:///a:1", "10.0.0.1:1(a)", "a=!", "10.0.0.1:1(a)", "a failure changes nothing")]
    [InlineData("dns:///a:1", "10.0.0.1:1(a)", "a=", "10.0.0.1:1(a)", "no address is a failure")]
    [InlineData("dns:///a:1", "", "a=!", "", "nothing was ever known")]
    [InlineData("dns:///a:1", "", "a=10.0.0.1 10.0.0.1", "10.0.0.1:1(a)", "an address counts once")]
    [InlineData("dns:///a:1", "", "a=::1", "::1:1(a)", "both families")]
    [InlineData("dns:///a:1,dns:///b:1", "10.0.0.1:1(a) 10.0.0.2:1(b)", "a=! b=10.0.0.3", "10.0.0.1:1(a) 10.0.0.3:1(b)", "each name by itself")]
    [InlineData("dns:///a:1,dns:///a:2", "10.0.0.1:1(a) 10.0.0.1:2(a)", "a=!", "10.0.0.1:1(a) 10.0.0.1:2(a)", "one name, two ports")]
    [InlineData("h:1,dns:///a:1", "", "a=!", "h:1", "a given server needs no look-up")]
    [InlineData("h:1,dns:///a:1", "h:1", "a=10.0.0.1", "h:1 10.0.0.1:1(a)", "a given server stays")]
    public void A_look_up_changes_the_servers_of_the_names_that_were_answered(string addresses, string known, string answers, string expected, string because)
    {
        IReadOnlyList<ServerAddress> given = AddressParser.Parse([addresses], "addresses");
        Dictionary<string, NameAnswer> byName = answers.Split(' ').Aggregate(new List<(string Name, List<string> Ips)>(), static (found, word) =>
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                found.Add((word[..equals], []));
            }

            found[^1].Ips.Add(word[(equals + 1)..]);
            return found;
        }).ToDictionary(static one => one.Name, static one => one.Ips is ["!"] ? new NameAnswer(null, "it failed") : new NameAnswer([.. one.Ips.Where(static ip => ip.Length > 0).Select(IPAddress.Parse)], null));

        IReadOnlyList<NamedServer> servers = NameAnswers.Merge(given, [.. known.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)], given.Where(static one => one.Scheme == "dns").ToDictionary(static one => one, one => byName[one.Host]));

        string.Join(' ', servers.Select(static server => $"{server.Host}:{server.Port}{(server.Name is null ? "" : $"({server.Name})")}")).Should().Be(expected, because);
    }

    private static NamedServer Read(string text)
    {
        string[] parts = text.TrimEnd(')').Split('(');
        int colon = parts[0].LastIndexOf(':');
        return new NamedServer(parts[0][..colon], int.Parse(parts[0][(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture), parts.Length > 1 ? parts[1] : null);
    }
}
