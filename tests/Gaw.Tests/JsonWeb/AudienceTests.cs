using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;

namespace Gaw.Tests.JsonWeb;

/// <summary>Which server a request names, and which server may run it.</summary>
public sealed class AudienceTests
{
    private static readonly KnownServer Silent = new(0, null);
    private static readonly KnownServer Five = new(5, null);
    private static readonly KnownServer Seven = new(7, null);

    /// <summary>What was told on the connection, whether an answer came there as from an original, what was told last at the address, what the request says, and why.</summary>
    public static TheoryData<int?, bool, int?, string, string> Choices => new()
    {
        { null, false, null, "null", "nothing is known yet, and the server may want a name" },
        { null, true, null, "", "it answers as an original server does" },
        { 0, false, null, "", "a .NET server that wants no name" },
        { 5, false, null, "5", "it has said who it is" },
        { 5, false, 7, "5", "this connection leads to five, whoever has answered on another since" },
        { 0, false, 7, "", "this connection leads to one that wants no name" },
        { null, false, 7, "7", "a new connection leads to the same one, most likely" },
        { null, true, 7, "7", "its first reply had no room to say who it is; an original one would not mind" },
        { null, false, 0, "null", "it wanted no name; it may since its restart" },
        { 5, true, null, "5", "told is told" },
    };

    /// <summary>The <c>meta</c> of a request, and whether server five may run it.</summary>
    public static TheoryData<string, bool> Requests => new()
    {
        { "", true },
        { "{}", true },
        { """{"timeout_ms": 5}""", true },
        { """{"keep": {"server": 7, "sent_ms": 1}}""", true },
        { """{"server": 5}""", true },
        { """{"headers": {"server": "7"}, "server": 5}""", true },
        { """{"server": null}""", false },
        { """{"server": 7}""", false },
        { """{"server": -1}""", false },
        { """{"server": 0}""", false },
        { """{"server": "5"}""", false },
        { """{"server": 5.0}""", false },
        { """{"server": [5]}""", false },
        { """{"server": 18446744073709551621}""", false },
        { """{"timeout_ms": 5, "server": 7}""", false },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_request_names_the_server_that_it_will_most_likely_reach(int? told, bool isInOrder, int? last, string written, string reason)
    {
        Written(Audience.Choose(Known(told), isInOrder, Known(last))).Should().Be(written.Length == 0 ? "{}" : $"{{\"server\": {written}}}", reason);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_that_says_whom_it_is_for_runs_there_only(string meta, bool runs)
    {
        Audience.Read(Encoding.UTF8.GetBytes(meta), JsonLimits.Default).Includes(5).Should().Be(runs);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        foreach (Audience audience in (Audience[])[Audience.Unsaid, Audience.Untold, Audience.Of(1), Audience.Of(long.MaxValue >> 1)])
        {
            Audience.Read(Encoding.UTF8.GetBytes(Written(audience)), JsonLimits.Default).Should().Be(audience);
        }
    }

    [Fact]
    public void Each_identity_is_another_and_fits_into_62_bits()
    {
        List<long> identities = [.. Enumerable.Range(0, 1000).Select(static _ => ServerIdentity.Create())];

        identities.Should().OnlyHaveUniqueItems().And.AllSatisfy(static identity => identity.Should().BeInRange(1, 1L << 62));
    }

    [Fact]
    public void What_was_told_stays_known_until_it_is_told_anew()
    {
        KnownServer.After(null, 0).Should().Be(Silent, "the first reply says all that the server wants");
        KnownServer.After(null, 5).Should().Be(Five);
        KnownServer.After(Five, 0).Should().BeSameAs(Five, "a later reply says something else");
        KnownServer.After(Five, 5).Should().BeSameAs(Five);
        KnownServer.After(Five, 7).Should().Be(Seven);
        ReplyCachePeer keeping = new(new ReplyCacheInfo(3, 0), TimeProvider.System);
        KnownServer.After(new KnownServer(0, keeping), 7).Should().Be(new KnownServer(7, keeping));
    }

    private static KnownServer? Known(int? identity) => identity is { } known ? new KnownServer(known, null) : null;

    private static string Written(Audience audience)
    {
        using JsonWriter writer = new();
        writer.BeginObject();
        audience.Write(writer);
        writer.EndObject();
        return Encoding.UTF8.GetString(writer.Written);
    }
}
