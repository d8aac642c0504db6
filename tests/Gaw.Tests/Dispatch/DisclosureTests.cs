using System.Net;
using Gaw.Dispatch;

namespace Gaw.Tests.Dispatch;

/// <summary>To whom a server says what it offers, and where its failures come from: by default to nobody whom it does not know.</summary>
public sealed class DisclosureTests
{
    [Theory]
    [InlineData("Auto", false, "127.0.0.1", true, "programs of this machine are known")]
    [InlineData("Auto", false, "::1", true, "by either protocol")]
    [InlineData("Auto", false, "LOCALHOST", true, "a name has no case")]
    [InlineData("Auto", false, "0.0.0.0", false, "anybody may come")]
    [InlineData("Auto", false, "localhost.example", false, "a name that only begins so")]
    [InlineData("Auto", true, "0.0.0.0", true, "whoever has the secret is known")]
    [InlineData("Always", false, "0.0.0.0", true, "it was said")]
    [InlineData("Never", true, "127.0.0.1", false, "it was said")]
    public void What_is_offered_is_told_to_peers_that_are_known(string policy, bool hasSecret, string host, bool isTold, string why) =>
        Disclosure.DescribesItself(Enum.Parse<SelfDescriptionPolicy>(policy), hasSecret, host).Should().Be(isTold, why);

    [Theory]
    [InlineData("Auto", false, false, "an engine shows nobody")]
    [InlineData("Auto", true, true, "whoever has the secret is known")]
    [InlineData("Always", false, true, "it was said")]
    [InlineData("Never", true, false, "it was said")]
    public void On_an_engine_only_a_secret_makes_peers_known(string policy, bool hasSecret, bool isTold, string why) =>
        Disclosure.DescribesItselfToEngines(Enum.Parse<SelfDescriptionPolicy>(policy), hasSecret).Should().Be(isTold, why);

    [Theory]
    [InlineData("Auto", "127.0.0.1", false, true, "programs of this machine may see the code")]
    [InlineData("Auto", "::ffff:127.0.0.1", false, true, "also where a socket of both protocols says it so")]
    [InlineData("Auto", "10.0.0.7", false, false, "a stranger may not")]
    [InlineData("Auto", "10.0.0.7", true, true, "a developer may")]
    [InlineData("Auto", null, false, false, "nobody knows where the peer is")]
    [InlineData("Always", "10.0.0.7", false, true, "it was said")]
    [InlineData("Never", "127.0.0.1", true, false, "it was said")]
    public void A_trace_goes_to_peers_that_may_see_the_code(string policy, string? peer, bool isDevelopment, bool isSent, string why) =>
        Disclosure.SendsTrace(Enum.Parse<TracePolicy>(policy), peer is null ? null : new IPEndPoint(IPAddress.Parse(peer), 1), isDevelopment).Should().Be(isSent, why);
}
